package io.github.bcc4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips a test, or all of a class, where the kernel certainly lacks one of these features; the reason of the skip is the proof. Where this
 * process can't find out, as without the rights to try, the test fails: it would otherwise be green where it never ran.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Requirements.class)
@SuppressWarnings("exports") // JUnit makes the extension, and nobody else
public @interface RequiresFeature {
    /**
     * What the test needs.
     *
     * @return all of it
     */
    KernelFeature[] value();
}

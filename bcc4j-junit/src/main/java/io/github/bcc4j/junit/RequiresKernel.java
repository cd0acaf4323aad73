package io.github.bcc4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips a test, or all of a class, on kernels that are too old. Distributions carry features back: where there is one to name,
 * {@link RequiresFeature} knows better.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Requirements.class)
@SuppressWarnings("exports") // JUnit makes the extension, and nobody else
public @interface RequiresKernel {
    /**
     * The oldest kernel that will do.
     *
     * @return {@code 5.8} or {@code 6.1.20}
     */
    String min();
}

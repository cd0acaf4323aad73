package io.github.bcc4j.junit;

import io.github.bcc4j.kernel.Privileges.Capability;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test, or a class, that lacks a capability, and says how to give it. A missing right is no lack of the kernel: a test that is
 * skipped for it looks green for ever on the machine where nobody thought of it. {@link #orSkip} is for those who know that.
 *
 * <p>CAP_SYS_ADMIN serves for CAP_BPF and CAP_PERFMON, which there are since Linux 5.8; before, nothing else does.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Requirements.class)
@SuppressWarnings("exports") // JUnit makes the extension, and nobody else
public @interface RequiresCapability {
    /**
     * What the test needs.
     *
     * @return all of it
     */
    Capability[] value();

    /**
     * Whether to skip the test instead of failing it.
     *
     * @return false by default
     */
    boolean orSkip() default false;
}

package io.github.bcc4j.junit;

import io.github.bcc4j.BPF;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.junit.workload.Workloads;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Makes tests experiments with a C text: before each it is loaded, and what is attached by its name is attached; after each, however that
 * ended, everything is detached and closed. On a class for all its tests, or on a method, whose text then replaces its class's.
 *
 * {@snippet :
 * @BpfTest("""
 *         BPF_HASH(calls, u32, u64);
 *         RAW_TRACEPOINT_PROBE(sys_enter) { calls.increment(bpf_get_current_pid_tgid()); return 0; }
 *         """)
 * class CountsCalls {
 *     @Test
 *     void ofThisThread(@Table("calls") BpfHash<Integer, Long> calls, Workloads workloads) {
 *         int thread = (int) workloads.run(Workload.syscalls("getppid", 100)).tid();
 *         assertThat(calls).hasValueSatisfying(thread, n -> assertThat(n).isGreaterThanOrEqualTo(100));
 *     }
 * }
 * }
 *
 * <p>Parameters of test methods, and of methods that run before or after each test: {@link BPF}, {@link Workloads}, tables by
 * {@link Table}, collected events by {@link Events}. The text is compiled once for all tests of a run.
 *
 * <p>After a class, or a method if only that is annotated, what this process holds in the kernel is compared with what it held before:
 * programs, maps, links, perf events, buffers of events, named probes. What has been left behind fails the class by name.
 *
 * <p>The failure of a test has an {@link ExperimentReport} among its suppressed exceptions, which is published as report entries, too.
 *
 * <p>Events of the kernel are everybody's, so under parallel execution experiments run one at a time, beside no other test.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(BpfExtension.class)
@ResourceLock(Resources.GLOBAL)
@SuppressWarnings("exports") // JUnit makes the extension, and nobody else
public @interface BpfTest {
    /**
     * The C text itself. Of this, {@link #resource}, {@link #file} and {@link #method} one at most may be given; with none a test can
     * have {@link Workloads} and the look for what is left behind.
     *
     * @return the text, in bcc's dialect
     */
    String value() default "";

    /**
     * A resource that holds the C text, in UTF-8.
     *
     * @return its name, relative to the test class's package, or from the root if it begins with a slash
     */
    String resource() default "";

    /**
     * A file that holds the C text, in UTF-8.
     *
     * @return its path, relative to the working directory
     */
    String file() default "";

    /**
     * A static method without parameters that returns the C text as a {@link String}, or a {@link CompiledModule}, as for options of
     * the compiler. It is called before each test.
     *
     * @return its name in the test class or one around it, or {@code fully.qualified.Class#name}
     */
    String method() default "";

    /**
     * How many events of each recording the report of a failure shows.
     *
     * @return the last so many; 10 by default
     */
    int lastEvents() default 10;
}

package io.github.bcc4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter of type {@link Recording} of an experiment: the events of a {@code BPF_PERF_OUTPUT} or {@code BPF_RINGBUF_OUTPUT} of its C
 * text, collected from before the method begins. Two parameters of one test with the same name are the same recording.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Events {
    /**
     * The buffer's name.
     *
     * @return as in the C text
     */
    String value();

    /**
     * How many events are kept. When more come the oldest are given up, which {@link Recording#dropped} counts.
     *
     * @return 100,000 by default
     */
    int capacity() default 100_000;

    /**
     * The size of each CPU's ring of a {@code BPF_PERF_OUTPUT}; that of a ring buffer is in the C text.
     *
     * @return pages, a power of two
     */
    int pages() default 64;

    /**
     * Where the program counts the events that a {@code BPF_RINGBUF_OUTPUT} had no room for, as the kernel does not: without it
     * {@link Recording#lost} does not know.
     *
     * @return the name of a {@code BPF_ARRAY} of {@code u64}, whose first element counts; or of a {@code BPF_PERCPU_ARRAY}
     */
    String lost() default "";
}

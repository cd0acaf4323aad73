package io.github.bcc4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the tests of a class, or one test method, inside virtual machines of these kernels instead of here.
 *
 * {@snippet :
 * @OnKernels({"6.1", "6.12", "7"})
 * class ForkExperiment {
 *     @Test
 *     void countsForks() { ... } // as root of a Debian kernel
 * }
 * }
 *
 * <p>No root is needed. Each kernel is booted once in a run and takes all classes one after another; as many kernels
 * run at the same time as the host has memory for, and processors. In the tree of tests each kernel is a container with the class's tests in it. Nothing of the
 * class runs on the host: its constructor, its lifecycle methods, its extensions and the sources of its arguments all run in the
 * guest, which is a JVM with the same class path and working directory. There the annotation means nothing, and the system property
 * {@code bcc4j.guest} is {@code true}. The guest writes to a
 * layer of memory over the host's files: what a test leaves in a file is gone with the guest.
 *
 * <p>Results, stack traces, outputs and report entries of the guest are this JVM's. Exceptions keep their type where they can be
 * serialized. A test whose guest panics fails with a {@link VmException} that holds the end of the console, and what is left of its
 * class, and all other classes, run in a fresh guest.
 *
 * <p>The system property {@code bcc4j.kernels} (names between commas) replaces the kernels of all annotations;
 * {@code bcc4j.kernels.every} has tests without an annotation run on these kernels; {@code bcc4j.vm.parallel} is the most guests at
 * a time.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface OnKernels {
    /** The name for the running kernel in {@link #value()}: the tests run in this JVM, too. */
    String HERE = "here";

    /**
     * The kernels.
     *
     * @return each as for {@link KernelImage#fetch}, such as {@code "6.1"} or {@code "file:/boot/vmlinuz-6.9.0"}, or
     *     {@link #HERE}
     */
    String[] value();

    /**
     * How long a guest may give no sign of progress before it counts as hung: a test, or the setting up of a class, that takes
     * longer fails and its guest is ended. A limit in the guest is JUnit's {@code @Timeout}, which costs no guest.
     *
     * @return seconds; five minutes by default
     */
    int timeoutSeconds() default 300;

    /**
     * A guest's memory. All guests of a run get the most that one of its classes asks for.
     *
     * @return megabytes, at least 256; by default 3072
     */
    int memory() default 3072;
}

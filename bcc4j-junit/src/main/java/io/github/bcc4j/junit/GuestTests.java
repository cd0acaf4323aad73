package io.github.bcc4j.junit;

import io.github.bcc4j.junit.GuestResult.Status;
import io.github.bcc4j.junit.VmException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;

/**
 * JUnit tests that run on another kernel: one boot, one JVM in the guest for all of them, and each result mirrored here.
 *
 * {@snippet :
 * @TestFactory
 * @Tag("vm")
 * Stream<DynamicNode> onLinux61() throws InterruptedException {
 *     return GuestTests.onKernel("6.1").select(CountsClones.class, ReadsStacks.class).asDynamicTests();
 * }
 * }
 *
 * <p>The guest sees the host's files, so it runs the very classes of this JVM's class path, and
 * their C texts are compiled on the host. Tests that must not run on the
 * host want a class name that the build tool doesn't take for a test. Not thread-safe.
 */
public final class GuestTests {
    private final String kernel;
    private final List<String> selectors = new ArrayList<>();
    private final List<String> jvmFlags = GuestJvm.flags();
    private String classPath = System.getProperty("java.class.path");
    private Duration timeout = Duration.ofMinutes(10);
    private int megabytes = 3072;
    private OutputStream output = OutputStream.nullOutputStream();

    private GuestTests(String kernel) {
        this.kernel = kernel;
    }

    /**
     * Begins with a kernel.
     *
     * @param kernel as for {@link KernelImage#fetch}
     * @return tests to select
     */
    public static GuestTests onKernel(String kernel) {
        return new GuestTests(Objects.requireNonNull(kernel, "kernel"));
    }

    /**
     * Adds all tests of these classes.
     *
     * @param classes test classes on the class path
     * @return this
     */
    public GuestTests select(Class<?>... classes) {
        Arrays.stream(classes).forEach(type -> selectors.add("class=" + type.getName()));
        return this;
    }

    /**
     * Adds one test method.
     *
     * @param type its class
     * @param method its name, with parameter types in parentheses if it has any
     * @return this
     */
    public GuestTests selectMethod(Class<?> type, String method) {
        selectors.add("method=" + type.getName() + "#" + method);
        return this;
    }

    /**
     * Adds all test classes of a package and those below it.
     *
     * @param name the package
     * @return this
     */
    public GuestTests selectPackage(String name) {
        selectors.add("package=" + name);
        return this;
    }

    /**
     * Keeps, of what is selected, the tests that match one of these tags.
     *
     * @param expressions tags or JUnit tag expressions
     * @return this
     */
    public GuestTests includeTags(String... expressions) {
        Arrays.stream(expressions).forEach(tag -> selectors.add("tag=" + tag));
        return this;
    }

    /**
     * The guest JVM's class path, by default that of this JVM.
     *
     * @param classPath directories and jars between colons
     * @return this
     */
    public GuestTests classPath(String classPath) {
        this.classPath = Objects.requireNonNull(classPath, "classPath");
        return this;
    }

    /**
     * Adds flags of the guest's JVM. It has flags for a quick start, native access for the class path, and this JVM's system
     * properties that begin with {@code bcc4j.}.
     *
     * @param flags such as {@code -Dname=value}
     * @return this
     */
    public GuestTests jvmFlags(String... flags) {
        jvmFlags.addAll(List.of(flags));
        return this;
    }

    /**
     * How long boot and tests may take together; ten minutes by default.
     *
     * @param timeout a positive time
     * @return this
     */
    public GuestTests timeout(Duration timeout) {
        this.timeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /**
     * The guest's memory; 3 GB by default.
     *
     * @param megabytes at least 256
     * @return this
     */
    public GuestTests memory(int megabytes) {
        this.megabytes = megabytes;
        return this;
    }

    /**
     * Where the outputs of the guest's JVM go while it runs; by default nowhere, but their end is part of every message that
     * tells of a lost guest.
     *
     * @param output takes both outputs
     * @return this
     */
    public GuestTests output(OutputStream output) {
        this.output = Objects.requireNonNull(output, "output");
        return this;
    }

    /**
     * Boots the kernel, runs the tests, and tells how each ended. A guest that crashes or runs out of time is no exception:
     * the tests it did not finish are {@link Status#LOST}, with the reason and the console's end.
     *
     * @return one result per test in the guest's order, and one for each class or container that failed by itself
     * @throws VmException if no test came to be known: the guest did not boot, its JVM did not start, nothing matched
     * @throws InterruptedException if the thread is interrupted
     */
    public List<GuestResult> run() throws InterruptedException {
        Attempt first = attempt();
        // QEMU without KVM can lock a guest's CPUs up against each other, once in a while. The guest's watchdog tells.
        return (first.lockedUp ? attempt() : first).results();
    }

    /** What came of a boot: results, or the reason why there are none. */
    private record Attempt(List<GuestResult> found, VmException failure, boolean lockedUp) {
        List<GuestResult> results() {
            if (failure != null) {
                throw failure;
            }
            return found;
        }
    }

    private Attempt attempt() throws InterruptedException {
        KernelVm.Builder builder = KernelVm.builder(KernelImage.fetch(kernel))
                .timeout(timeout)
                .memory(megabytes)
                .compilesOnHost();
        Tail tail = new Tail(16 * 1024);
        Both outputs = new Both(tail, output);
        try (KernelVm vm = builder.build()) {
            String lost;
            VmException failure = null;
            try {
                lost = "the guest's JVM ended with status "
                        + vm.run(command(), outputs, outputs).exitStatus();
            } catch (VmException e) {
                failure = e;
                lost = e.getMessage();
            }
            Path file = vm.share().resolve("results");
            GuestReport report = new GuestReport(Files.exists(file) ? Files.readString(file) : "");
            if (!report.isComplete() && !tail.text().isBlank()) {
                lost += System.lineSeparator() + "  output:" + System.lineSeparator()
                        + tail.text().indent(4);
            }
            boolean lockedUp = failure != null && failure.reason() == Reason.PANIC && lost.contains("softlockup");
            if (!report.isEmpty()) {
                return new Attempt(report.results(lost), null, lockedUp);
            }
            if (failure == null) {
                failure = new VmException(
                        Reason.GUEST,
                        report.isComplete() ? "no test matches " + selectors : "no test ran: " + lost,
                        null);
            }
            return new Attempt(List.of(), failure, lockedUp);
        } catch (IOException e) {
            throw new VmException(Reason.HOST, "read the results of a guest: " + e, null, "", e);
        }
    }

    private List<String> command() {
        if (selectors.isEmpty()) {
            throw new IllegalStateException("no test selected");
        }
        List<String> arguments = new ArrayList<>(List.of("/out/results"));
        arguments.addAll(selectors);
        return GuestJvm.command(jvmFlags, classPath, arguments);
    }

    /**
     * The same as nodes for a test factory: a container for each class, a dynamic test for each of its tests, which fails
     * with the guest's stack trace, is aborted with the reason of the skip, or passes. The guest has run when this returns.
     *
     * @return the nodes
     * @throws VmException as {@link #run()}
     * @throws InterruptedException if the thread is interrupted
     */
    public Stream<DynamicNode> asDynamicTests() throws InterruptedException {
        return GuestNodes.of(run(), 0).stream();
    }

    /** Hands on to two streams, one piece at a time. */
    private static final class Both extends OutputStream {
        private final OutputStream first;
        private final OutputStream second;

        Both(OutputStream first, OutputStream second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            first.write(bytes, offset, length);
            second.write(bytes, offset, length);
        }

        @Override
        public synchronized void flush() throws IOException {
            second.flush();
        }
    }
}

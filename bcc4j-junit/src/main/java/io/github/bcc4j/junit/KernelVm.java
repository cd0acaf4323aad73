package io.github.bcc4j.junit;

import io.github.bcc4j.compile.CompileSpool;
import io.github.bcc4j.junit.VmException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A Debian kernel under QEMU that runs commands of the host as root of a machine of its own.
 *
 * <p>The guest sees the host's files at the same paths, read-only, under a layer of memory that takes what it writes and is
 * gone with it; {@code /out} is a directory shared with the host for writing. So the host's JDK, libraries and class path
 * work inside. The guest has {@code /proc}, {@code /sys}, tracefs, debugfs, bpffs, its kernel's modules and headers, a
 * loopback interface, and no network. The host needs no root: what its user can't read, the guest can't either.
 *
 * <p>Each {@link #run} boots a fresh guest, which costs some seconds. KVM is used where it was seen to work, else the
 * processor is emulated: everything is then ten to sixty times slower, compilers most of all.
 *
 * <p>One run at a time; {@link #close()} may come from any thread and ends a run at once. So does the end of this JVM.
 */
public final class KernelVm implements AutoCloseable {
    /** How long the end of the JVM may wait for a run to clean up, whose output nobody may be taking. */
    private static final long EXIT_SECONDS = 3;

    private final Builder settings;
    private final Path initrd;
    private final String accelerator;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Thread atExit = new Thread(() -> close(EXIT_SECONDS), "bcc4j-vm-close");
    private Path temporaryShare;
    private volatile Qemu running;
    private volatile boolean closed;

    private KernelVm(Builder settings, Path initrd, String accelerator) {
        this.settings = settings;
        this.initrd = initrd;
        this.accelerator = accelerator;
    }

    /**
     * Begins the description of a machine.
     *
     * @param image the kernel to boot
     * @return a builder with 3 GB of memory, two processors and ten minutes
     */
    public static Builder builder(KernelImage image) {
        return new Builder(Objects.requireNonNull(image, "image"));
    }

    /** Describes a machine. Not thread-safe. */
    public static final class Builder {
        private final KernelImage image;
        private int megabytes = 3072;
        private int cpus = Math.min(2, Runtime.getRuntime().availableProcessors());
        private Duration timeout = Duration.ofMinutes(10);
        private Path share;
        private Path directory = Path.of("").toAbsolutePath();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private Function<? super Path, ? extends AutoCloseable> beside;

        private Builder(KernelImage image) {
            this.image = image;
            String javaHome = System.getProperty("java.home");
            environment.put("JAVA_HOME", javaHome);
            environment.put("PATH", javaHome + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
            environment.put("HOME", Objects.requireNonNullElse(System.getenv("HOME"), "/root"));
            for (String name : List.of("LANG", "LC_ALL", "TZ", "TERM", "XDG_CACHE_HOME")) {
                if (System.getenv(name) != null) {
                    environment.put(name, System.getenv(name));
                }
            }
        }

        /**
         * The guest's memory. The layer that takes what the guest writes may use half of it.
         *
         * @param megabytes at least 256
         * @return this
         */
        public Builder memory(int megabytes) {
            if (megabytes < 256) {
                throw new IllegalArgumentException("a guest needs 256 MB of memory at least, not " + megabytes);
            }
            this.megabytes = megabytes;
            return this;
        }

        /**
         * The guest's processors.
         *
         * @param cpus at least 1
         * @return this
         */
        public Builder cpus(int cpus) {
            if (cpus < 1) {
                throw new IllegalArgumentException("a guest needs a processor, not " + cpus);
            }
            this.cpus = cpus;
            return this;
        }

        /**
         * How long a run may take, boot and all.
         *
         * @param timeout a positive time
         * @return this
         */
        public Builder timeout(Duration timeout) {
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException("not a positive time: " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * The directory the guest sees as {@code /out} and may write; it is made if it is missing. Without one, a temporary
         * directory is used and deleted by {@link KernelVm#close()}.
         *
         * @param share a directory
         * @return this
         */
        public Builder share(Path share) {
            this.share = share.toAbsolutePath();
            return this;
        }

        /**
         * The command's working directory; by default that of this JVM.
         *
         * @param directory a path in the guest
         * @return this
         */
        public Builder directory(Path directory) {
            this.directory = directory.toAbsolutePath();
            return this;
        }

        /**
         * A variable of the command's environment, which is otherwise {@code JAVA_HOME} of this JVM, a {@code PATH} that
         * begins with it, and this process's {@code HOME}, {@code LANG}, {@code LC_ALL}, {@code TZ}, {@code TERM} and
         * {@code XDG_CACHE_HOME}.
         *
         * @param name its name
         * @param value its value
         * @return this
         */
        public Builder environment(String name, String value) {
            if (name.isEmpty() || name.contains("=")) {
                throw new IllegalArgumentException("not the name of an environment variable: \"" + name + "\"");
            }
            environment.put(name, Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Something that serves the guest through the shared directory while it runs, such as the compiler: it is started
         * with the directory before the boot and closed after the guest's end.
         *
         * @param service opens the service, given the shared directory
         * @return this
         */
        public Builder whileRunning(Function<? super Path, ? extends AutoCloseable> service) {
            this.beside = Objects.requireNonNull(service, "service");
            return this;
        }

        /**
         * Has the C texts of bcc4j programs in the guest compiled on the host, where LLVM is ten to sixty times as fast.
         *
         * @return this
         */
        public Builder compilesOnHost() {
            return whileRunning(share -> CompileSpool.serve(share.resolve("compile")))
                    .environment("BCC4J_COMPILE_SPOOL", "/out/compile");
        }

        /**
         * Makes the machine ready: the initial file system is built, KVM is probed (once per boot of the host, up to ten
         * seconds). Nothing runs yet.
         *
         * @return the machine
         * @throws VmException if the host lacks busybox or QEMU, or the kernel lacks a module
         * @throws InterruptedException if the thread is interrupted
         */
        public KernelVm build() throws InterruptedException {
            try {
                Qemu.program();
                Path initrd = Initrd.of(image);
                return new KernelVm(this, initrd, Accelerator.choose(image, initrd));
            } catch (IOException e) {
                throw new VmException(Reason.HOST, "prepare a guest for " + image + ": " + e, null, "", e);
            }
        }
    }

    /**
     * How the guest's processor is made.
     *
     * @return {@code kvm} or {@code tcg} (emulation)
     */
    public String accelerator() {
        return accelerator;
    }

    /**
     * The kernel this machine boots.
     *
     * @return the kernel
     */
    public KernelImage image() {
        return settings.image;
    }

    /**
     * Boots a guest, runs a command in it as root, and waits for both to end. The command's input is empty; its outputs are
     * handed on while it runs. A process the command leaves behind ends with the guest.
     *
     * @param command a program, found by the guest's {@code PATH}, and its arguments, which may hold any character but NUL
     * @param out takes the command's standard output; flushed after each piece, not closed
     * @param err takes its standard error, from another thread than {@code out}
     * @return the exit status and what else is left
     * @throws VmException if the guest did not come to an exit status: time-out, kernel panic, no memory, no QEMU, ...
     * @throws InterruptedException if the thread is interrupted; the guest is ended first
     */
    public VmResult run(List<String> command, OutputStream out, OutputStream err) throws InterruptedException {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("no command");
        }
        oneAtATime.lockInterruptibly();
        try (Qemu qemu = new Qemu()) {
            running = qemu;
            if (closed) {
                throw new IllegalStateException("this virtual machine is closed");
            }
            Path share = share();
            Path own = share.resolve(".bcc4j");
            VmCache.deleteTree(own);
            Files.createDirectory(own);
            GuestCommand.write(own, settings.image, settings.directory, settings.environment, command);
            try (AutoCloseable service = settings.beside == null ? () -> {} : settings.beside.apply(share)) {
                Objects.requireNonNull(service, "the service of whileRunning");
                return run(qemu, share, out, err);
            } finally {
                VmCache.deleteTree(own);
            }
        } catch (RuntimeException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new VmException(Reason.HOST, "run a guest with " + settings.image + ": " + e, null, "", e);
        } finally {
            running = null;
            oneAtATime.unlock();
        }
    }

    private VmResult run(Qemu qemu, Path share, OutputStream out, OutputStream err)
            throws IOException, InterruptedException {
        boolean ended;
        try {
            qemu.start(
                    new Qemu.Machine(
                            settings.image.bzImage(), initrd, accelerator, settings.cpus, settings.megabytes, ""),
                    share,
                    out,
                    err);
            ended = qemu.await(settings.timeout);
        } finally {
            qemu.end();
        }
        Path status = share.resolve(".bcc4j/status");
        if (ended && Files.exists(status)) {
            int exitStatus = Integer.parseInt(Files.readString(status).strip());
            return new VmResult(exitStatus, share, qemu.age(), qemu.console());
        }
        if (closed) {
            throw new VmException(
                    Reason.NO_STATUS, "the guest with " + settings.image.release() + " was ended by close()", null);
        }
        throw VmFailure.explain(settings.image, settings.timeout, settings.megabytes, ended, qemu);
    }

    /** The end of the console of the guest that runs; empty if none does. */
    String console() {
        Qemu qemu = running;
        return qemu == null ? "" : qemu.console();
    }

    /** The directory the guest sees as {@code /out}, made if it is missing. */
    Path share() throws IOException {
        if (settings.share != null) {
            return Files.createDirectories(settings.share);
        }
        if (temporaryShare == null) {
            temporaryShare = Files.createTempDirectory("bcc4j-vm-out");
            Runtime.getRuntime().addShutdownHook(atExit);
        }
        return temporaryShare;
    }

    /** Ends a run at once and deletes the temporary shared directory. May be called more than once. */
    @Override
    public void close() {
        close(Long.MAX_VALUE);
    }

    private void close(long patience) {
        closed = true;
        Qemu qemu = running;
        if (qemu != null) {
            qemu.kill();
        }
        try {
            if (oneAtATime.tryLock(patience, TimeUnit.SECONDS)) {
                try {
                    deleteTemporaryShare();
                } finally {
                    oneAtATime.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end of the JVM deletes what is left
        }
    }

    private void deleteTemporaryShare() {
        if (temporaryShare == null) {
            return;
        }
        try {
            VmCache.deleteTree(temporaryShare);
            temporaryShare = null;
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IOException e) {
            throw new VmException(Reason.HOST, "delete " + temporaryShare + ": " + e, null, "", e);
        } catch (IllegalStateException shuttingDown) {
            // then this is the hook, or it comes too late to matter
        }
    }
}

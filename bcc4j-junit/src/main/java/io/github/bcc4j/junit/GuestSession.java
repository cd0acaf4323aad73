package io.github.bcc4j.junit;

import io.github.bcc4j.junit.GuestEvent.Kind;
import io.github.bcc4j.junit.VmException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * One guest with one JVM in it that takes one request for tests after another, through files of the shared directory. Used by one
 * thread.
 */
final class GuestSession implements AutoCloseable {
    /** What the guest's JVM makes when it waits for requests. */
    static final String READY = "ready";

    private static final Duration BOOT = Duration.ofMinutes(5);

    /** Until the first test begins there are classes to load, which takes long in a guest that has just come up. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final long LOOK_MILLIS = 10;

    private final KernelVm vm;
    private final Path folder;
    private final Tail output = new Tail(16 * 1024);
    private final CompletableFuture<VmResult> end = new CompletableFuture<>();
    private int requests;

    /** Boots a kernel, and waits until its JVM takes requests. */
    GuestSession(KernelImage image, int megabytes) throws InterruptedException {
        vm = KernelVm.builder(image)
                .memory(megabytes)
                .timeout(Duration.ofDays(1)) // each request has a limit of its own
                .compilesOnHost()
                .build();
        try {
            folder = Files.createDirectory(vm.share().resolve("work"));
            List<String> command = GuestJvm.command(
                    GuestJvm.flags(), System.getProperty("java.class.path"), List.of(GuestMain.SERVE, "/out/work"));
            Thread.ofPlatform().daemon().name("bcc4j-guest " + image.release()).start(() -> run(command));
            awaitReady();
        } catch (IOException | RuntimeException | InterruptedException e) {
            vm.close();
            if (e instanceof IOException io) {
                throw new VmException(Reason.HOST, "prepare a guest with " + image + ": " + e, null, "", io);
            }
            throw propagated(e);
        }
    }

    private static RuntimeException propagated(Exception e) throws InterruptedException {
        if (e instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        return (RuntimeException) e;
    }

    private void run(List<String> command) {
        try {
            end.complete(vm.run(command, raw(System.out), raw(System.err)));
        } catch (RuntimeException | InterruptedException e) {
            end.completeExceptionally(e);
        }
    }

    /** What the JVM's own streams say: processes that inherit them, and the JVM itself at its end. Printed at once. */
    private OutputStream raw(PrintStream host) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                output.write(bytes, offset, length);
                host.write(bytes, offset, length);
            }

            @Override
            public void flush() {
                host.flush();
            }
        };
    }

    private void awaitReady() throws InterruptedException {
        long start = System.nanoTime();
        while (!Files.exists(folder.resolve(READY))) {
            if (end.isDone()) {
                throw lost();
            }
            if (System.nanoTime() - start > BOOT.toNanos()) {
                throw hung("did not come up within " + BOOT.toSeconds() + " s");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    static String request(int number) {
        return number + ".request";
    }

    static String report(int number) {
        return number + ".report";
    }

    /**
     * Runs tests and hands on what is reported, as it comes.
     *
     * @param ids JUnit's unique ids
     * @param quiet how long nothing may start or end
     * @param sink takes the events
     * @throws VmException if the guest crashed, ended, or fell silent; it has ended then
     */
    void run(List<String> ids, Duration quiet, Consumer<GuestEvent> sink) throws InterruptedException {
        requests++;
        Path report = folder.resolve(report(requests));
        try {
            Path draft = folder.resolve("draft");
            Files.write(draft, ids.stream().map(id -> "id=" + id).toList());
            Files.createFile(report);
            Files.move(draft, folder.resolve(request(requests)), StandardCopyOption.ATOMIC_MOVE);
            try (Lines lines = new Lines(report)) {
                follow(lines, quiet, sink);
            }
        } catch (IOException e) {
            throw new VmException(Reason.HOST, "read the results of a guest: " + e, null, "", e);
        }
    }

    private void follow(Lines lines, Duration quiet, Consumer<GuestEvent> sink)
            throws IOException, InterruptedException {
        long heard = System.nanoTime();
        Duration limit = quiet.compareTo(START) < 0 ? START : quiet;
        while (true) {
            boolean dead = end.isDone(); // before the look: what it wrote at last is still seen
            for (String line = lines.next(); line != null; line = lines.next()) {
                GuestEvent event = GuestEvent.parse(line).orElseThrow();
                if (event.kind() == Kind.END) {
                    return;
                }
                if (event.kind() != Kind.OUT && event.kind() != Kind.ERR) {
                    heard = System.nanoTime();
                    limit = quiet;
                }
                sink.accept(event);
            }
            if (dead) {
                throw lost();
            }
            if (System.nanoTime() - heard > limit.toNanos()) {
                throw hung("is hung: for " + limit.toSeconds() + " s no test has started or ended");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private VmException hung(String what) {
        VmException e = VmFailure.hung(vm.image(), what, vm.console());
        vm.close();
        return e;
    }

    private VmException lost() {
        try {
            VmResult result = end.join();
            return new VmException(
                    Reason.GUEST,
                    "the JVM in the guest with " + vm.image().release() + " ended with status " + result.exitStatus()
                            + (output.text().isBlank()
                                    ? ""
                                    : System.lineSeparator() + output.text().strip()),
                    null,
                    result.console(),
                    null);
        } catch (CompletionException e) {
            return e.getCause() instanceof VmException why
                    ? why
                    : new VmException(Reason.HOST, "run a guest: " + e.getCause(), null, "", e.getCause());
        }
    }

    @Override
    public void close() {
        vm.close();
    }

    /** The lines of a file that grows. */
    private static final class Lines implements AutoCloseable {
        private final RandomAccessFile file;
        private byte[] pending = new byte[0];
        private int from;

        Lines(Path path) throws IOException {
            file = new RandomAccessFile(path.toFile(), "r");
        }

        /** The next whole line with its end, or null if there is none yet. */
        String next() throws IOException {
            while (true) {
                for (int i = from; i < pending.length; i++) {
                    if (pending[i] == '\n') {
                        String line = new String(pending, from, i + 1 - from, StandardCharsets.UTF_8);
                        from = i + 1;
                        return line;
                    }
                }
                byte[] more = new byte[64 * 1024];
                int read = file.read(more);
                if (read <= 0) {
                    return null;
                }
                byte[] joined = new byte[pending.length - from + read];
                System.arraycopy(pending, from, joined, 0, pending.length - from);
                System.arraycopy(more, 0, joined, pending.length - from, read);
                pending = joined;
                from = 0;
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

package io.github.bcc4j.junit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One QEMU process with its three channels: standard output and error of the guest's command, and the one that tells the
 * guest that we live. Closing it ends the process.
 */
final class Qemu implements AutoCloseable {
    /** What QEMU ends with when the guest says, through isa-debug-exit, that it is done. */
    static final int DONE = 85;

    private final Tail console = new Tail(16 * 1024);
    private final List<Thread> pumps = new ArrayList<>();
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private final Path sockets;
    private final Thread atExit = new Thread(this::kill, "bcc4j-vm-exit");
    private final long started = System.nanoTime();
    private volatile SocketChannel control;
    private volatile Process process;
    private volatile IOException sinkFailure;
    private volatile boolean killed;

    Qemu() throws IOException {
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        // The address of a socket has room for 107 bytes.
        Path base = usual.toString().length() < 70 ? usual : Path.of("/tmp");
        sockets = Files.createTempDirectory(base, "bcc4j-vm");
    }

    /** What the machine is made of. */
    record Machine(Path kernel, Path initrd, String accelerator, int cpus, int megabytes, String kernelArguments) {
        List<String> arguments() {
            return List.of(
                    program().toString(),
                    "-no-user-config",
                    "-nodefaults",
                    "-no-reboot",
                    "-display",
                    "none",
                    "-serial",
                    "stdio",
                    "-accel",
                    // With a thread for each CPU, one may run code that another has just patched: switching the
                    // tracepoint of
                    // the scheduler on and off panics the kernel (int3) within seconds.
                    accelerator.equals("tcg") ? "tcg,thread=single" : accelerator,
                    "-cpu",
                    "max",
                    "-smp",
                    Integer.toString(cpus),
                    "-m",
                    megabytes + "M",
                    "-kernel",
                    kernel.toString(),
                    "-initrd",
                    initrd.toString(),
                    "-device",
                    "isa-debug-exit,iobase=0x501,iosize=0x02",
                    "-append",
                    ("console=ttyS0 panic=-1 softlockup_panic=1 watchdog_thresh=60 quiet mitigations=off "
                                    + kernelArguments)
                            .strip());
        }
    }

    static Path program() {
        return HostProgram.require("qemu-system-x86_64", "boot a kernel", "qemu-system-x86");
    }

    /** Starts a machine that only boots. */
    void start(Machine machine) throws IOException {
        launch(machine.arguments());
    }

    /** Starts a machine that sees the host's root and a shared directory, and whose command writes to two streams. */
    void start(Machine machine, Path share, OutputStream out, OutputStream err) throws IOException {
        List<String> arguments = new ArrayList<>(machine.arguments());
        arguments.addAll(List.of(
                "-virtfs",
                "local,path=/,mount_tag=hostroot,security_model=none,readonly=on,multidevs=remap",
                "-virtfs",
                "local,path=" + escape(share) + ",mount_tag=out,security_model=none,multidevs=remap",
                "-device",
                "virtio-serial-pci"));
        port(arguments, 1, out);
        port(arguments, 2, err);
        port(arguments, 3, null);
        launch(arguments);
    }

    private void port(List<String> arguments, int number, OutputStream sink) throws IOException {
        Path socket = sockets.resolve(Integer.toString(number));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        servers.add(server);
        server.bind(UnixDomainSocketAddress.of(socket));
        arguments.addAll(List.of(
                "-chardev",
                "socket,id=port" + number + ",path=" + escape(socket),
                "-device",
                "virtserialport,nr=" + number + ",chardev=port" + number));
        pump("port " + number, () -> {
            if (sink == null) {
                control = server.accept();
                control.write(ByteBuffer.wrap("go\n".getBytes(StandardCharsets.US_ASCII)));
            } else {
                try (SocketChannel channel = server.accept()) {
                    copy(Channels.newInputStream(channel), sink);
                }
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private void pump(String name, Work work) {
        pumps.add(Thread.ofPlatform().daemon().name("bcc4j-vm " + name).start(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // QEMU is gone; why is told by its exit status and console.
            }
        }));
    }

    private void copy(InputStream in, OutputStream sink) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = in.read(buffer)) >= 0) {
            try {
                sink.write(buffer, 0, read);
                sink.flush();
            } catch (IOException e) {
                sinkFailure = e;
                kill();
                return;
            }
        }
    }

    private static String escape(Path path) {
        return path.toString().replace(",", ",,");
    }

    private void launch(List<String> arguments) throws IOException {
        Runtime.getRuntime().addShutdownHook(atExit);
        process = new ProcessBuilder(arguments)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        if (killed) {
            process.destroyForcibly();
        }
        pump("console", () -> copy(process.getInputStream(), console));
    }

    /** Waits for QEMU's end; false if it still runs when the time is over. */
    boolean await(Duration timeout) throws InterruptedException {
        return process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    int exitStatus() {
        return process.exitValue();
    }

    String console() {
        return console.text();
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Ends QEMU at once, or as soon as it is started. */
    void kill() {
        killed = true;
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /**
     * Ends QEMU if it still runs, and waits until it and its streams are gone: afterwards nobody writes to the shared
     * directory or to the sinks.
     *
     * @throws IOException what a sink threw
     */
    void end() throws IOException {
        kill();
        if (process != null) {
            process.onExit().join();
        }
        for (ServerSocketChannel server : servers) {
            server.close(); // whoever still waits for QEMU's connection
        }
        boolean interrupted = false;
        while (!pumps.isEmpty()) {
            try {
                pumps.getLast().join();
                pumps.removeLast();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        IOException failure = sinkFailure;
        sinkFailure = null;
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException shuttingDown) {
                // then the hook does its work
            }
            if (control != null) {
                control.close();
            }
            VmCache.deleteTree(sockets);
        }
    }
}

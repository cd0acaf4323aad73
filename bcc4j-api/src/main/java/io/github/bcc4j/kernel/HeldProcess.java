package io.github.bcc4j.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that exists already but waits before its command begins, so that programs can be attached to it by its id and miss nothing:
 *
 * <pre>{@code
 * try (HeldProcess held = HeldProcess.start(new ProcessBuilder("ls", "/tmp").inheritIO())) {
 *     bpf.attachUprobe(...);            // for held.pid()
 *     held.release().waitFor();
 * }
 * }</pre>
 *
 * <p>Until it is released the id is that of a shell; the command takes its place by exec, keeping the id. Thread-safe.
 */
public final class HeldProcess implements AutoCloseable {
    /** read takes the line that releases it and not a byte more: what follows is the command's. */
    private static final List<String> SHELL = List.of("/bin/sh", "-c", "read -r go && exec \"$@\"", "held");

    private final Process process;
    private boolean released;

    private HeldProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a process that waits.
     *
     * @param command the command, its environment, folder and outputs; not changed. Its input is a pipe whatever the builder says:
     *     {@link Process#getOutputStream()} after the release
     * @return the waiting process
     * @throws IOException if there is no shell to wait in. A command that does not exist ends with status 127 once it is released
     */
    public static HeldProcess start(ProcessBuilder command) throws IOException {
        if (command.command().isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word");
        }
        List<String> words = new ArrayList<>(SHELL);
        words.addAll(command.command());
        ProcessBuilder held = new ProcessBuilder(words)
                .directory(command.directory())
                .redirectErrorStream(command.redirectErrorStream())
                .redirectOutput(command.redirectOutput())
                .redirectError(command.redirectError());
        held.environment().clear();
        held.environment().putAll(command.environment());
        return new HeldProcess(held.start());
    }

    /**
     * The process id, before and after the release.
     *
     * @return as the kernel has it in this process's pid namespace
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Lets the command begin. Doing so again does nothing.
     *
     * @return the running command
     * @throws IOException if the process is gone
     */
    public synchronized Process release() throws IOException {
        if (!released) {
            OutputStream input = process.getOutputStream();
            input.write('\n');
            input.flush();
            released = true;
        }
        return process;
    }

    /** Ends the process if it still waits; one that was released goes on. */
    @Override
    public synchronized void close() {
        if (!released) {
            process.destroyForcibly();
        }
    }
}

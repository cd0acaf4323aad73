package io.github.bcc4j.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The machine's container engine: the one that runs, or one of our own, which ends when this is closed. */
final class DockerEngine implements AutoCloseable {
    private static final int START_SECONDS = 60;

    private final Process own;

    private DockerEngine(Process own) {
        this.own = own;
    }

    /** What a command said. */
    record Said(int status, String text) {
        String lastLine() {
            return text.strip().lines().reduce((a, b) -> b).orElse("it said nothing");
        }
    }

    /**
     * Takes the engine that runs, or starts one.
     *
     * @throws TestAbortedException if there is none, with what the program said
     */
    static DockerEngine open(String daemon) throws IOException, InterruptedException {
        if (answers()) {
            return new DockerEngine(null);
        }
        Path log = Files.createTempFile("bcc4j-dockerd", ".log");
        Process process;
        try {
            process = new ProcessBuilder(daemon)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            Files.delete(log);
            throw new TestAbortedException("no container engine runs, and none can be started: " + e.getMessage());
        }
        for (int i = 0; i < START_SECONDS; i++) {
            boolean ended = process.waitFor(1, TimeUnit.SECONDS);
            if (!ended && answers()) {
                Files.delete(log);
                return new DockerEngine(process);
            }
            if (ended) {
                break;
            }
        }
        process.destroy();
        process.waitFor();
        String why = new Said(1, Files.readString(log)).lastLine();
        Files.delete(log);
        throw new TestAbortedException("no container engine runs, and " + daemon + " did not come up: " + why);
    }

    /** Runs a command to its end. */
    static Said say(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes());
        return new Said(process.waitFor(), text);
    }

    private static boolean answers() throws InterruptedException {
        try {
            return say(List.of("docker", "info")).status() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.destroy();
            own.onExit().join();
        }
    }
}

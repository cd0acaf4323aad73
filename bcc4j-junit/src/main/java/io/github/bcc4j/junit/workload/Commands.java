package io.github.bcc4j.junit.workload;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs commands to their end. */
final class Commands {
    private static final int SECONDS = 60;

    private Commands() {}

    static Workload.Done run(List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new WorkloadException("can't start " + text(command) + ": " + e.getMessage(), e);
        }
        try {
            process.getOutputStream().close();
            CompletableFuture<String> errors = reading(process.errorReader());
            CompletableFuture<String> output = reading(process.inputReader());
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new WorkloadException(text(command) + " took more than " + SECONDS + " s", null);
            }
            if (process.exitValue() != 0) {
                throw new WorkloadException(
                        text(command) + " ended with status " + process.exitValue() + ": "
                                + errors.join().strip(),
                        null);
            }
            return new Workload.Done(
                    1, process.pid(), process.pid(), output.join().lines().toList());
        } catch (IOException e) {
            throw new WorkloadException(text(command) + " failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkloadException("interrupted while " + text(command) + " ran", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** On a thread of its own: in a pool of one thread the first to wait would let the other's pipe run full. */
    private static CompletableFuture<String> reading(Reader reader) {
        return CompletableFuture.supplyAsync(
                () -> all(reader), task -> Thread.ofPlatform().daemon().start(task));
    }

    private static String all(Reader reader) {
        try (reader) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        } catch (IOException e) {
            return ""; // the process was killed
        }
    }

    private static String text(List<String> command) {
        return '"' + String.join(" ", command) + '"';
    }
}

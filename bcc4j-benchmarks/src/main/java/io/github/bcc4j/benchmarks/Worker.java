package io.github.bcc4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that answers each line it is sent with a line. Its standard error goes to a file, and into the exception if it fails. */
final class Worker implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 300;

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;

    private Worker(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
    }

    static Worker start(String name, List<String> command, Home home) {
        Path log = home.log(name);
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
            builder.environment().put("BCC4J_COMPILE_CACHE", home.cache().toString());
            return new Worker(name, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    void send(String line) {
        try {
            requests.write(line + "\n");
            requests.flush();
        } catch (IOException e) {
            throw failed("it does not listen");
        }
    }

    String receive() {
        String line;
        try {
            line = CompletableFuture.supplyAsync(this::readLine).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw failed("no answer for " + PATIENCE_SECONDS + " s");
        } catch (ExecutionException e) {
            throw failed(e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted");
        }
        if (line == null) {
            throw failed("it has ended");
        }
        return line;
    }

    private String readLine() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        String first = receive();
        if (!first.equals("ready")) {
            throw failed("said " + first);
        }
    }

    private IllegalStateException failed(String why) {
        process.destroyForcibly();
        try {
            List<String> said = Files.readAllLines(log);
            return new IllegalStateException(name + ": " + why + "; "
                    + String.join("\n", said.subList(Math.max(0, said.size() - 20), said.size())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process: the end of its input tells it to. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

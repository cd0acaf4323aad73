package io.github.bcc4j.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of our own, compiled by gcc, that prints the addresses of its functions and waits for its standard input to end. */
final class Program implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    Program(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader();
    }

    static Path compile(Path file, String source, String... flags) throws Exception {
        boolean plus = List.of(flags).contains("-xc++");
        Path text = Files.writeString(file.resolveSibling(file.getFileName() + ".txt"), source);
        List<String> command = new ArrayList<>(List.of(plus ? "g++" : "gcc", "-O1", "-o", file.toString()));
        command.addAll(List.of(flags));
        if (!plus) {
            command.add("-xc");
        }
        command.add(text.toString());
        run(command.toArray(String[]::new));
        return file;
    }

    static void run(String... command) throws Exception {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes());
        assertThat(p.waitFor()).as(said).isZero();
    }

    int pid() {
        return (int) process.pid();
    }

    String line() throws IOException {
        return output.readLine();
    }

    /** The next line as hexadecimal numbers. */
    long[] addresses() throws IOException {
        return java.util.Arrays.stream(line().split(" "))
                .mapToLong(s -> Long.parseUnsignedLong(s, 16))
                .toArray();
    }

    void say(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
    }

    void end() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        end();
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a Java program of one file with the library on its class path. */
@Command(name = "run", description = "Run a single-file Java program with the library on its class path.")
final class RunCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "FILE.java", description = "The program.")
    private Path file;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ARGS", description = "Its arguments.")
    private List<String> args = List.of();

    private int exitCode;

    @Override
    protected void run(Session session) throws Exception {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("can't read " + file);
        }
        List<String> command = new ArrayList<>(Jvm.command());
        command.add(file.toString());
        command.addAll(args);
        Process process = new ProcessBuilder(command).inheritIO().start();
        session.ready();
        exitCode = process.waitFor();
    }

    @Override
    protected int exitCode() {
        return exitCode;
    }
}

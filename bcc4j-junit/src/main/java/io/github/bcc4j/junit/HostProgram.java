package io.github.bcc4j.junit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of the host: where it is, and one run of it. */
final class HostProgram {
    /** Where administration programs live even if the user's PATH leaves them out. */
    private static final List<String> SYSTEM = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private HostProgram() {}

    static Optional<Path> find(String name) {
        String path = System.getenv("PATH");
        return Stream.concat(path == null ? Stream.empty() : Stream.of(path.split(":")), SYSTEM.stream())
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    static Path require(String name, String purpose, String debianPackage) {
        return find(name)
                .orElseThrow(() -> new VmException(
                        VmException.Reason.HOST,
                        name + " was not found in PATH; it is needed to " + purpose,
                        "apt-get install " + debianPackage));
    }

    /** What a run left: exit status and both outputs mixed. */
    record Outcome(List<String> command, int status, byte[] output) {
        String text() {
            return new String(output, StandardCharsets.UTF_8);
        }
    }

    /** Runs a program to its end, in the C locale, with no input; standard error joins the output if wanted. */
    static Outcome run(boolean withErrors, Path directory, Path program, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(Map.of("LC_ALL", "C", "DEBIAN_FRONTEND", "noninteractive"));
        if (withErrors) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        Process process = builder.start();
        try {
            byte[] output = process.getInputStream().readAllBytes();
            return new Outcome(List.copyOf(command), process.waitFor(), output);
        } finally {
            process.destroyForcibly();
        }
    }
}

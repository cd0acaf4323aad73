package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileChild;
import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.ffm.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Compiles in a JVM of its own, which meets its end there if LLVM wants it so. */
final class ChildProcess implements Transport {
    /** What came of a child: its folder's files, read. */
    private record Outcome(int status, boolean timedOut, byte[] module, String output) {}

    @Override
    public CompiledModule compile(CompileRequest request) {
        HeaderChoice choice = HeaderChoice.of(request);
        Outcome outcome = run(request, choice);
        if (outcome.status != 0 || outcome.timedOut) {
            throw CompileFailure.explain(request, outcome.status, outcome.timedOut, outcome.output);
        }
        try {
            List<Diagnostic> said = ClangOutput.parse(outcome.output);
            if (choice.standIn()) {
                said.add(new Diagnostic(
                        Diagnostic.Stage.SETUP,
                        Diagnostic.Severity.REMARK,
                        "",
                        0,
                        0,
                        "compiled with the headers of kernel "
                                + choice.headers().release() + ", as those of " + request.kernelRelease()
                                + " are not here; this program needs nothing that differs",
                        "",
                        List.of()));
            }
            return Compiler.withWarnings(CompiledModule.fromBytes(outcome.module), said);
        } catch (IllegalArgumentException e) {
            throw CompileFailure.explain(request, -1, false, outcome.output + "\n" + e.getMessage());
        }
    }

    String dump(CompileRequest request) {
        Outcome outcome = run(request, HeaderChoice.of(request));
        if (outcome.status != 0 || outcome.timedOut) {
            throw CompileFailure.explain(request, outcome.status, outcome.timedOut, outcome.output);
        }
        return outcome.output;
    }

    private static Outcome run(CompileRequest request, HeaderChoice choice) {
        try {
            Path folder = Files.createTempDirectory("bcc4j-compile-"); // readable by its owner alone
            try {
                CompileRequest ready = choice.apply(request, folder);
                Files.write(folder.resolve("request.bin"), ready.toBytes());
                return run(ready, folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("run the compile process", e);
        }
    }

    private static Outcome run(CompileRequest request, Path folder) throws IOException {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command(folder))
                .directory(folder.getRoot().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        String libraries = System.getenv("LD_LIBRARY_PATH");
        if (libraries != null) {
            builder.environment().put("LD_LIBRARY_PATH", libraries); // where the user's libbcc may be
        }
        builder.environment().put("TMPDIR", folder.toString());
        Process child = builder.start();
        boolean ended;
        try {
            ended = child.waitFor(request.timeLimitMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended = false;
        }
        if (!ended) {
            child.destroyForcibly().onExit().join();
        }
        String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        Path response = folder.resolve("response.bin");
        byte[] module = ended && child.exitValue() == 0 ? Files.readAllBytes(response) : new byte[0];
        return new Outcome(ended ? child.exitValue() : -1, !ended, module, text);
    }

    private static List<String> command(Path folder) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx96m",
                "-XX:-UsePerfData",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "--enable-native-access=ALL-UNNAMED"));
        String libbcc = System.getProperty("bcc4j.libbcc");
        if (libbcc != null) {
            command.add("-Dbcc4j.libbcc=" + libbcc);
        }
        command.addAll(List.of("-cp", classPath(), CompileChild.class.getName(), folder.toString()));
        return command;
    }

    /** The library's own two code bases: nothing of the user's is loaded there. */
    private static String classPath() {
        Set<String> paths = new LinkedHashSet<>();
        for (Class<?> type : List.of(CompileChild.class, NativeLibrary.class)) {
            try {
                paths.add(Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException("bcc4j's own code is not in a file or folder", e);
            }
        }
        return String.join(":", paths);
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

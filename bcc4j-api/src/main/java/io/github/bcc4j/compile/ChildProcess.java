package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.Folders;
import io.github.bcc4j.compile.child.Wire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles in a JVM of its own, which meets its end there if LLVM wants it so. */
final class ChildProcess implements Transport {
    private static final int MOST_OUTPUT = 2 << 20;

    /** What came of a child: its folder's files, read. */
    private record Outcome(int status, boolean timedOut, byte[] module, String output) {}

    @Override
    public CompiledModule compile(CompileRequest request) {
        HeaderChoice choice = HeaderChoice.of(request);
        Outcome outcome = run(request, choice);
        try {
            List<Diagnostic> said = new ArrayList<>(ClangOutput.parse(outcome.output));
            said.addAll(choice.remarks(request));
            return Compiler.withWarnings(CompiledModule.fromBytes(outcome.module), said);
        } catch (IllegalArgumentException e) {
            throw CompileFailure.explain(request, -1, false, outcome.output + "\n" + e.getMessage());
        }
    }

    /** Compiles, and gives what libbcc printed. */
    String dump(CompileRequest request) {
        return run(request, HeaderChoice.of(request)).output;
    }

    private static Outcome run(CompileRequest request, HeaderChoice choice) {
        Outcome outcome;
        try {
            Path folder = Files.createTempDirectory("bcc4j-compile-"); // for its owner alone
            try {
                CompileRequest ready = choice.apply(request, folder);
                Files.write(folder.resolve(CompileRequest.REQUEST), ready.toBytes());
                outcome = run(ready, folder);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw CompileFailure.around(
                    "the compile process can't be run: " + e,
                    "it needs a JVM in " + System.getProperty("java.home") + " and room for files in "
                            + System.getProperty("java.io.tmpdir"));
        }
        if (outcome.status != 0 || outcome.timedOut) {
            throw CompileFailure.explain(request, outcome.status, outcome.timedOut, outcome.output);
        }
        return outcome;
    }

    private static Outcome run(CompileRequest request, Path folder) throws IOException {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(ChildCommand.in(folder))
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
        boolean ended = false;
        try {
            ended = child.waitFor(request.timeLimitMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CompileFailure.around("the compile was interrupted", null);
        } finally {
            if (!ended) {
                child.destroyForcibly().onExit().join();
            }
        }
        byte[] module = ended && child.exitValue() == 0
                ? Wire.load(folder.resolve(CompileRequest.RESPONSE), "compiled module")
                : new byte[0];
        return new Outcome(ended ? child.exitValue() : -1, !ended, module, read(output));
    }

    /** What the child printed; of very much, the beginning and the end. */
    static String read(Path output) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            byte[] start = new byte[(int) Math.min(file.length(), MOST_OUTPUT)];
            file.readFully(start);
            byte[] end = new byte[(int) Math.min(file.length() - start.length, MOST_OUTPUT)];
            file.seek(file.length() - end.length);
            file.readFully(end);
            return new String(start, StandardCharsets.UTF_8)
                    + (file.length() > 2L * MOST_OUTPUT ? "\n...\n" : "")
                    + new String(end, StandardCharsets.UTF_8);
        }
    }
}

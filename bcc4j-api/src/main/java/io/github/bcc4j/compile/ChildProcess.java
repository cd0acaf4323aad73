package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.Folders;
import io.github.bcc4j.compile.child.InputTrace;
import io.github.bcc4j.compile.child.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Compiles in a JVM of its own, which meets its end there if LLVM wants it so. The first is started at once: it loads libbcc while the
 * caller still prepares the request.
 */
final class ChildProcess implements Transport {
    private static final int MOST_OUTPUT = 2 << 20;

    private final Optional<ChildArchive> archive;
    private Child started;
    private Optional<InputTrace> inputs = Optional.empty();

    /** With a class archive that is used, or made if it is not there. */
    ChildProcess(Optional<ChildArchive> archive) {
        this.archive = archive;
        this.started = start();
    }

    ChildProcess() {
        this(Optional.empty());
    }

    private Child start() {
        return Child.start(archive.flatMap(ChildArchive::file));
    }

    /** What came of a child: its folder's files, read. */
    private record Outcome(int status, boolean timedOut, byte[] module, String output, Optional<InputTrace> inputs) {}

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

    private Outcome run(CompileRequest request, HeaderChoice choice) {
        Outcome outcome;
        try (Child child = started == null ? start() : started) {
            started = null;
            outcome = child.run(choice.apply(request, child.folder));
            if (outcome.status == 0 && archive.filter(ChildArchive::isMissing).isPresent()) {
                child.lent = true;
                archive.get().makeFrom(child.folder);
            }
        } catch (IOException e) {
            throw cannot(e);
        }
        if (outcome.status != 0 || outcome.timedOut) {
            throw CompileFailure.explain(request, outcome.status, outcome.timedOut, outcome.output);
        }
        inputs = outcome.inputs;
        return outcome;
    }

    @Override
    public Optional<InputTrace> inputs() {
        return inputs;
    }

    private static CompileException cannot(IOException e) {
        return CompileFailure.around(
                "the compile process can't be run: " + e,
                "it needs a JVM in " + System.getProperty("java.home") + " and room for files in "
                        + System.getProperty("java.io.tmpdir"));
    }

    @Override
    public void close() {
        if (started != null) {
            started.close();
            started = null;
        }
    }

    /** A process that waits for its request, or compiles it. */
    private static final class Child implements AutoCloseable {
        private final Path folder;
        private final Process process;
        private boolean lent;

        private Child(Path folder, Process process) {
            this.folder = folder;
            this.process = process;
        }

        static Child start(Optional<Path> archive) {
            Path folder = null;
            try {
                folder = Folders.temporary("bcc4j-compile-"); // for its owner alone
                ProcessBuilder builder = new ProcessBuilder(ChildCommand.in(folder, archive))
                        .directory(folder.getRoot().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output.txt").toFile());
                builder.environment().clear();
                String libraries = System.getenv("LD_LIBRARY_PATH");
                if (libraries != null) {
                    builder.environment().put("LD_LIBRARY_PATH", libraries); // where the user's libbcc may be
                }
                builder.environment().put("TMPDIR", folder.toString());
                return new Child(folder, builder.start());
            } catch (IOException e) {
                delete(folder);
                throw cannot(e);
            } catch (RuntimeException e) {
                delete(folder);
                throw e;
            }
        }

        Outcome run(CompileRequest request) throws IOException {
            Files.write(folder.resolve(CompileRequest.REQUEST), request.toBytes());
            try (OutputStream go = process.getOutputStream()) {
                go.write(1);
            } catch (IOException e) {
                // It has ended already, and its exit status will tell why.
            }
            boolean ended;
            try {
                ended = process.waitFor(request.timeLimitMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CompileFailure.around("the compile was interrupted", null);
            }
            if (!ended) {
                process.destroyForcibly().onExit().join();
            }
            String output = read(folder.resolve("output.txt"));
            if (!ended || process.exitValue() != 0) {
                return new Outcome(ended ? process.exitValue() : -1, !ended, new byte[0], output, Optional.empty());
            }
            byte[] module = Wire.load(folder.resolve(CompileRequest.RESPONSE), "compiled module");
            InputTrace read = InputTrace.read(folder, Path.of(request.kernelHeaders()));
            return new Outcome(0, false, module, output, Optional.of(read));
        }

        @Override
        public void close() {
            if (process.isAlive()) {
                process.destroyForcibly().onExit().join();
            }
            if (!lent) {
                delete(folder);
            }
        }

        private static void delete(Path folder) {
            try {
                if (folder != null) {
                    Folders.delete(folder);
                }
            } catch (IOException e) {
                // then it stays for the system's own cleaning of temporary files
            }
        }
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

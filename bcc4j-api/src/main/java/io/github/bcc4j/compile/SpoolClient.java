package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Has a compile done by whoever serves a shared folder; see {@link CompileSpool}. */
final class SpoolClient implements Transport {
    private static final long GRACE_MILLIS = 30_000;
    private static final String HINT = "have CompileSpool.serve(folder) running on the machine that shares the folder,"
            + " or unset bcc4j.compile.spool and BCC4J_COMPILE_SPOOL to compile here";

    private final Path folder;

    SpoolClient(Path folder) {
        this.folder = folder;
    }

    @Override
    public CompiledModule compile(CompileRequest request) {
        String id = UUID.randomUUID().toString();
        Path draft = folder.resolve(id + ".draft");
        Path question = folder.resolve(id + CompileSpool.REQUEST);
        Path answer = folder.resolve(id + CompileSpool.ANSWER);
        try {
            try {
                Files.write(draft, request.toBytes());
                Files.move(draft, question, StandardCopyOption.ATOMIC_MOVE);
                await(answer, System.nanoTime() + (request.timeLimitMillis() + GRACE_MILLIS) * 1_000_000);
                byte[] file = Wire.load(answer, "compile answer");
                return CompileSpool.readAnswer(new Wire.Reader(file, CompileSpool.KIND, "compile answer"));
            } finally {
                for (Path file : List.of(draft, question, answer)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw CompileFailure.around("can't compile through " + folder + ": " + e, HINT);
        }
    }

    /** Waits by looking again and again: a shared folder of a virtual machine tells no one of new files. */
    private void await(Path answer, long deadline) {
        while (!Files.exists(answer)) {
            if (Thread.currentThread().isInterrupted()) {
                throw CompileFailure.around("the compile was interrupted", null);
            }
            if (System.nanoTime() > deadline) {
                throw CompileFailure.around("nobody answered the compile request in " + folder, HINT);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}

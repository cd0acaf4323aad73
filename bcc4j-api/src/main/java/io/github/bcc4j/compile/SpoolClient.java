package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Has a compile done by whoever serves a shared folder; see {@link CompileSpool}. */
final class SpoolClient implements Transport {
    private static final long GRACE_MILLIS = 30_000;

    private final Path folder;

    SpoolClient(Path folder) {
        this.folder = folder;
    }

    @Override
    public CompiledModule compile(CompileRequest request) {
        String id = UUID.randomUUID().toString();
        Path answer = folder.resolve(id + CompileSpool.ANSWER);
        try {
            Path draft = folder.resolve(id + ".draft");
            Files.write(draft, request.toBytes());
            Files.move(draft, folder.resolve(id + CompileSpool.REQUEST), StandardCopyOption.ATOMIC_MOVE);
            long deadline = System.nanoTime() + (request.timeLimitMillis() + GRACE_MILLIS) * 1_000_000;
            while (!Files.exists(answer)) {
                if (System.nanoTime() > deadline) {
                    String message = "nobody answered the compile request in " + folder;
                    throw new CompileException(message, null, List.of(CompileSpool.problem(message)));
                }
                LockSupport.parkNanos(5_000_000); // a shared folder of a virtual machine tells no one of new files
            }
            byte[] file = Files.readAllBytes(answer);
            Files.delete(answer);
            return CompileSpool.readAnswer(new Wire.Reader(file, CompileSpool.KIND, "compile answer"));
        } catch (IOException e) {
            throw new UncheckedIOException("compile through " + folder, e);
        }
    }
}

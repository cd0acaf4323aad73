package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.Engine;
import io.github.bcc4j.compile.child.Folders;
import io.github.bcc4j.compile.child.InputTrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Compiles in this very process, one at a time, with every hazard that {@link CompilerOptions#inProcess()} names. */
final class InProcess implements Transport {
    private static final ReentrantLock LOCK = new ReentrantLock();

    private Optional<InputTrace> inputs = Optional.empty();

    @Override
    public CompiledModule compile(CompileRequest request) {
        HeaderChoice choice = HeaderChoice.of(request);
        LOCK.lock();
        try {
            Path folder = Folders.temporary("bcc4j-compile-");
            try {
                CompileRequest ready = choice.apply(request, folder);
                CompiledModule module = Engine.compile(ready, folder).orElseThrow(() -> refused(request));
                inputs = Optional.of(InputTrace.read(folder, Path.of(ready.kernelHeaders())));
                return Compiler.withWarnings(module, choice.remarks(request));
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw CompileFailure.around("can't compile in this process: " + e, null);
        } finally {
            LOCK.unlock();
        }
    }

    @Override
    public Optional<InputTrace> inputs() {
        return inputs;
    }

    private static CompileException refused(CompileRequest request) {
        return new CompileException(
                "the C text has errors; libbcc has printed them to standard error",
                "compile in a child process to have them as data",
                List.of(new Diagnostic(
                        Diagnostic.Stage.FRONTEND,
                        Diagnostic.Severity.ERROR,
                        request.fileName(),
                        0,
                        0,
                        "see standard error",
                        "",
                        List.of())));
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.InputTrace;
import java.nio.file.Path;
import java.util.Optional;

/** Who does a compile: a child process, this process, or another machine. */
interface Transport extends AutoCloseable {
    CompiledModule compile(CompileRequest request);

    /** What the last compile read of this machine; empty if another machine did it. */
    default Optional<InputTrace> inputs() {
        return Optional.empty();
    }

    /** Ends what was started and not used. */
    @Override
    default void close() {}

    static Transport choose(CompilerOptions options) {
        if (options.isInProcess()) {
            return new InProcess();
        }
        String spool = System.getProperty("bcc4j.compile.spool", System.getenv("BCC4J_COMPILE_SPOOL"));
        return spool == null ? new ChildProcess(ChildArchive.in(options.cache())) : new SpoolClient(Path.of(spool));
    }
}

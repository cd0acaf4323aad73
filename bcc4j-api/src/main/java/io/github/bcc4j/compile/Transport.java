package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import java.nio.file.Path;

/** Who does a compile: a child process, this process, or another machine. */
interface Transport extends AutoCloseable {
    CompiledModule compile(CompileRequest request);

    /** Ends what was started and not used. */
    @Override
    default void close() {}

    static Transport choose(CompilerOptions options) {
        if (options.isInProcess()) {
            return new InProcess();
        }
        String spool = System.getProperty("bcc4j.compile.spool", System.getenv("BCC4J_COMPILE_SPOOL"));
        return spool == null ? new ChildProcess() : new SpoolClient(Path.of(spool));
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.BpfException;
import java.util.List;

/** The C text did not compile, or the compile process did not survive it. The JVM always does. */
public class CompileException extends BpfException {
    private static final long serialVersionUID = 1;

    private final transient List<Diagnostic> diagnostics;

    /**
     * A failed compile.
     *
     * @param message what happened, in one line
     * @param hint what would help, or null
     * @param diagnostics what the compiler said, the worst first
     */
    public CompileException(String message, String hint, List<Diagnostic> diagnostics) {
        super(message, hint, null);
        this.diagnostics = List.copyOf(diagnostics);
    }

    /**
     * What the compiler said: errors first, then warnings.
     *
     * @return at least one
     */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}

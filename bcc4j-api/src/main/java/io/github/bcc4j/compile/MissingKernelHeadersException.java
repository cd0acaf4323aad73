package io.github.bcc4j.compile;

import java.util.List;

/** A C text needs kernel headers that are not on this machine. */
public class MissingKernelHeadersException extends CompileException {
    private static final long serialVersionUID = 1;

    /**
     * Missing headers.
     *
     * @param message what was looked for, and where
     * @param hint how to install them
     */
    MissingKernelHeadersException(String message, String hint) {
        super(
                message,
                hint,
                List.of(new Diagnostic(
                        Diagnostic.Stage.SETUP, Diagnostic.Severity.FATAL, "", 0, 0, message, "", List.of())));
    }
}

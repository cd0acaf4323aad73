package io.github.bcc4j;

import java.util.Optional;

/**
 * The root of everything bcc4j throws about BPF: what was tried, why it failed, and what would help.
 *
 * <p>Programming mistakes (a null, a use after close, an unknown table name) are the usual Java exceptions instead.
 */
public class BpfException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What would help, or null. */
    private final String hint;

    /**
     * A failure.
     *
     * @param message what was tried and what happened
     * @param hint what would help, or null
     * @param cause what lies beneath, or null
     */
    public BpfException(String message, String hint, Throwable cause) {
        super(hint == null ? message : message + System.lineSeparator() + "  hint: " + hint, cause);
        this.hint = hint;
    }

    /**
     * A failure with nothing to advise.
     *
     * @param message what was tried and what happened
     */
    public BpfException(String message) {
        this(message, null, null);
    }

    /**
     * What would help: a package to install, a capability to give, a change in the program.
     *
     * @return one or more sentences, empty if nothing is known
     */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}

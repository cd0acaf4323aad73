package io.github.bcc4j.ffm;

/**
 * A native library, or the right to use one, is missing. The message says everything that was tried, line by line; {@link #hint()}
 * what would help.
 */
public final class NativeLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What would help. */
    private final String hint;

    NativeLibraryException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /**
     * What would help.
     *
     * @return a command to run or a flag to give, in a sentence
     */
    public String hint() {
        return hint;
    }
}

package io.github.bcc4j.ffm;

/** A native library is not there, too old, or lacks a function. The message lists what was tried and how to install it. */
public final class NativeLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A missing library or function.
     *
     * @param message all that was tried, and the install command
     */
    public NativeLibraryException(String message) {
        super(message);
    }
}

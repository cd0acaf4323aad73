package io.github.bcc4j.junit.workload;

import io.github.bcc4j.BpfException;

/** A workload that could not do what it is for: the experiment is broken, and says nothing about the program that watches. */
public class WorkloadException extends BpfException {
    private static final long serialVersionUID = 1;

    /**
     * A failure.
     *
     * @param message what was tried and what happened
     * @param cause what lies beneath, or null
     */
    public WorkloadException(String message, Throwable cause) {
        this(message, null, cause);
    }

    /**
     * A failure with advice.
     *
     * @param message what was tried and what happened
     * @param hint what would help, or null
     * @param cause what lies beneath, or null
     */
    public WorkloadException(String message, String hint, Throwable cause) {
        super(message, hint, cause);
    }
}

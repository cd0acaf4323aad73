package io.github.bcc4j.junit;

import io.github.bcc4j.BpfException;

/** A kernel could not be fetched, or a virtual machine did not do what it was asked. */
public final class VmException extends BpfException {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    private final Reason reason;

    /** The end of the console. */
    private final String console;

    /** What went wrong, for programs; the message says it for people. */
    public enum Reason {
        /** No kernel of the wanted version could be found, fetched or unpacked. */
        KERNEL,
        /** A program of the host is missing: QEMU, busybox, apt-get, ... */
        HOST,
        /** The host has not enough memory for the guest. */
        MEMORY,
        /** QEMU refused its arguments or ended before the guest did. */
        QEMU,
        /** The guest's kernel started but could not be set up: no 9p, no overlay. */
        GUEST,
        /** The guest did not end in the time given. */
        TIMEOUT,
        /** The guest's kernel panicked. */
        PANIC,
        /** The guest ended without leaving an exit status. */
        NO_STATUS
    }

    /**
     * A failure.
     *
     * @param reason what went wrong
     * @param message what was tried and what happened
     * @param hint what would help, or null
     * @param console the last lines of the guest's console, empty if it never ran
     * @param cause what lies beneath, or null
     */
    VmException(Reason reason, String message, String hint, String console, Throwable cause) {
        super(withConsole(message, console), hint, cause);
        this.reason = reason;
        this.console = console;
    }

    VmException(Reason reason, String message, String hint) {
        this(reason, message, hint, "", null);
    }

    private static String withConsole(String message, String console) {
        return console.isBlank()
                ? message
                : message + System.lineSeparator() + "  console:" + System.lineSeparator()
                        + console.strip().indent(4).stripTrailing();
    }

    /**
     * What went wrong.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * The end of the guest's console: kernel messages and those of the first process.
     *
     * @return some lines, empty if the guest never ran
     */
    public String console() {
        return console;
    }
}

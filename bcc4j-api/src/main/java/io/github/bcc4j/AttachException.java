package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;

/** A program could not be attached. */
public class AttachException extends BpfSyscallException {
    private static final long serialVersionUID = 1;

    private final transient AttachSpec spec;

    /**
     * A refusal.
     *
     * @param program the program's name
     * @param spec where it was to go
     * @param errno the error number, positive
     * @param hint why, and what would help, or null
     */
    public AttachException(String program, AttachSpec spec, int errno, String hint) {
        super("attach " + program + " to " + spec, errno, hint);
        this.spec = spec;
    }

    /**
     * Where the program was to go.
     *
     * @return the place
     */
    public AttachSpec spec() {
        return spec;
    }
}

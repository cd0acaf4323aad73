package io.github.bcc4j;

import io.github.bcc4j.ffm.linux.Errno;

/** The kernel refused a system call. */
public class BpfSyscallException extends BpfException {
    private static final long serialVersionUID = 1;

    /** The error number, positive. */
    private final int errno;

    /**
     * A refusal.
     *
     * @param what what was tried, as the start of a sentence: {@code create map "counts"}
     * @param errno the error number, positive
     * @param hint what would help, or null
     */
    public BpfSyscallException(String what, int errno, String hint) {
        super(what + ": " + Errno.describe(errno), hint, null);
        this.errno = errno;
    }

    /**
     * The error number.
     *
     * @return a positive number of errno(3)
     */
    public int errno() {
        return errno;
    }

    /**
     * The error number by name.
     *
     * @return {@code EPERM}, {@code EINVAL}, ...
     */
    public String errnoName() {
        return Errno.name(errno);
    }
}

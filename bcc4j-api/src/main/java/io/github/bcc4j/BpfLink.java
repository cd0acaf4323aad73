package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.ffm.linux.Fd;
import java.util.function.Consumer;

/**
 * One attachment of one program. It lives until it or its {@link BPF} is closed, and never longer than the process.
 *
 * <p>Thread-safe.
 */
public final class BpfLink implements AutoCloseable {
    private final AttachSpec spec;
    private final String program;
    private final Fd fd;
    private Runnable afterwards;
    private final Consumer<BpfLink> onClose;

    BpfLink(AttachSpec spec, String program, Fd fd, Runnable afterwards, Consumer<BpfLink> onClose) {
        this.spec = spec;
        this.program = program;
        this.fd = fd;
        this.afterwards = afterwards;
        this.onClose = onClose;
    }

    Fd fd() {
        return fd;
    }

    /** Something else to do once the program is detached. */
    void afterwards(Runnable more) {
        synchronized (fd) {
            Runnable before = afterwards;
            afterwards = () -> {
                before.run();
                more.run();
            };
        }
    }

    /**
     * Where the program is attached.
     *
     * @return the place
     */
    public AttachSpec spec() {
        return spec;
    }

    /**
     * The attached function.
     *
     * @return its name in the C text
     */
    public String programName() {
        return program;
    }

    /**
     * Whether the program still runs there.
     *
     * @return false once this or its {@link BPF} is closed
     */
    public boolean isAttached() {
        return !fd.isClosed();
    }

    /** Detaches. Closing again does nothing. The kernel may take tens of milliseconds for it. */
    @Override
    public void close() {
        synchronized (fd) {
            if (fd.isClosed()) {
                return;
            }
            fd.close();
            afterwards.run();
        }
        onClose.accept(this);
    }

    @Override
    public String toString() {
        return program + " at " + spec + (isAttached() ? "" : " (detached)");
    }
}

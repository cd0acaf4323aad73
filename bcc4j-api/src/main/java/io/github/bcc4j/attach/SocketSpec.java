package io.github.bcc4j.attach;

/**
 * What a socket of this process receives. The program says how many bytes of each message are kept, 0 for none. Closing the link takes
 * the program off the socket; a process that shares the socket keeps it. Kernel floor: 3.19.
 *
 * @param descriptor the socket's file descriptor in this process; it stays its owner's
 */
public record SocketSpec(int descriptor) implements AttachSpec {
    /** Checks the part. */
    public SocketSpec {
        if (descriptor < 0) {
            throw new IllegalArgumentException("not a descriptor: " + descriptor);
        }
    }

    @Override
    public ProgramType programType() {
        return ProgramType.SOCKET_FILTER;
    }

    @Override
    public String toString() {
        return "socket:fd " + descriptor;
    }
}

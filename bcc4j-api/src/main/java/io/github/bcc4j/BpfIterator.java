package io.github.bcc4j;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.bcc4j.ffm.linux.BpfAttach;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.kernel.Privileges;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program that goes through things of the kernel and writes text about each: every reading is a pass of its own, and sees what is
 * there at that time. Thread-safe; it ends with its {@link BPF}.
 */
public final class BpfIterator {
    private static final int PIECE = 64 << 10;

    private final BpfLink link;

    BpfIterator(BpfLink link) {
        this.link = link;
    }

    /**
     * The attachment.
     *
     * @return the same that {@link BPF#links()} has
     */
    public BpfLink link() {
        return link;
    }

    /**
     * Goes through all, and gives the text.
     *
     * @return its lines, as UTF-8
     * @throws BpfSyscallException if the kernel refuses
     * @throws IllegalStateException if this is closed
     */
    public List<String> lines() {
        try (InputStream in = open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Begins to go through all; the program runs as the text is read.
     *
     * @return the text, to be closed; reading it throws {@link BpfSyscallException} if the kernel refuses
     * @throws BpfSyscallException if the kernel refuses
     * @throws IllegalStateException if this is closed
     */
    public InputStream open() {
        return new Text(Fd.own(check(link.fd().call(BpfAttach::iterator)), "text of " + link));
    }

    private long check(long result) {
        if (result < 0) {
            int errno = (int) -result;
            String hint = errno == Errno.E2BIG
                    ? "the program writes more about one thing than fits (a buffer of 8 pages)"
                    : Privileges.explainEperm("read from an iterator", errno);
            throw new BpfSyscallException("read from " + link, errno, hint);
        }
        return result;
    }

    private final class Text extends InputStream {
        private final Fd fd;

        Text(Fd fd) {
            this.fd = fd;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(Math.min(length, PIECE));
                long n;
                do {
                    n = fd.call(f -> Linux.read(f, buffer));
                } while (n == -Errno.EAGAIN); // the kernel went through many that the program wrote nothing about
                MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, offset, (int) Math.max(check(n), 0));
                return n == 0 ? -1 : (int) n;
            }
        }

        @Override
        public void close() {
            fd.close();
        }
    }
}

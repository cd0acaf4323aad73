package io.github.bcc4j;

import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.Fd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A program that the kernel's verifier has accepted. Thread-safe; owned by its {@link BPF}. */
public final class BpfProgram {
    private final String name;
    private final ProgramType type;
    private final Fd fd;

    BpfProgram(String name, ProgramType type, Fd fd) {
        this.name = name;
        this.type = type;
        this.fd = fd;
    }

    /**
     * The function's name in the C text.
     *
     * @return its full name; the kernel knows the first 15 bytes
     */
    public String name() {
        return name;
    }

    /**
     * The type it was loaded as.
     *
     * @return never null
     */
    public ProgramType type() {
        return type;
    }

    /**
     * Runs the program once on a packet, with no attachment, by {@code BPF_PROG_TEST_RUN}. For the networking types; raw
     * tracepoint programs take their arguments as 8-byte words instead, since Linux 5.10.
     *
     * @param input the packet (at least 14 bytes), or the arguments of a raw tracepoint
     * @return what the program returned, unsigned
     * @throws BpfSyscallException if the kernel can't run this type of program so
     */
    public long testRun(byte[] input) {
        return testRun(input, 1);
    }

    /**
     * Runs the program on a packet a number of times.
     *
     * @param input as for {@link #testRun(byte[])}
     * @param repeat how many times, 1 or more; raw tracepoint programs once only
     * @return what the last run returned, unsigned
     */
    public long testRun(byte[] input, int repeat) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = input.length == 0
                    ? MemorySegment.NULL
                    : arena.allocate(input.length, 8).copyFrom(MemorySegment.ofArray(input));
            boolean raw = type == ProgramType.RAW_TRACEPOINT;
            long result = fd.call(n ->
                    raw ? Bpf.testRun(n, MemorySegment.NULL, in, 0) : Bpf.testRun(n, in, MemorySegment.NULL, repeat));
            if (result < 0) {
                throw new BpfSyscallException("test run of " + name + " (" + type + ")", (int) -result, null);
            }
            return result;
        }
    }

    Fd fd() {
        return fd;
    }

    @Override
    public String toString() {
        return type + " program " + name;
    }
}

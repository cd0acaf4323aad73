package io.github.bcc4j;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.diagnostic.Disassembly;
import io.github.bcc4j.diagnostic.SourceLine;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.type.Btf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A program that the kernel's verifier has accepted. Thread-safe; owned by its {@link BPF}. */
public final class BpfProgram {
    /** How much longer a program may make a packet: XDP and TC programs have 256 bytes of headroom. */
    private static final int ROOM_TO_GROW = 4096;

    private final String name;
    private final ProgramType type;
    private final Fd fd;
    private final CompiledModule module;

    BpfProgram(String name, ProgramType type, Fd fd, CompiledModule module) {
        this.name = name;
        this.type = type;
        this.fd = fd;
        this.module = module;
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
     * How a test run ended.
     *
     * @param result what the program returned the last time, unsigned
     * @param output the packet as the program left it; empty for a raw tracepoint
     * @param duration how long one run took, on average
     */
    public record TestRun(long result, byte[] output, Duration duration) {}

    /**
     * Runs the program once on a packet, with no attachment, by {@code BPF_PROG_TEST_RUN}. For the networking types; raw
     * tracepoint programs take their arguments as 8-byte words instead, since Linux 5.10.
     *
     * @param input the packet (at least 14 bytes), or the arguments of a raw tracepoint
     * @return what the program returned, unsigned
     * @throws BpfSyscallException if the kernel can't run this type of program so
     */
    public long testRun(byte[] input) {
        return testRun(input, 1).result();
    }

    /**
     * Runs the program on a packet a number of times. What it writes to the packet stays there from one run to the next.
     *
     * @param input as for {@link #testRun(byte[])}
     * @param repeat how many times, 1 or more; raw tracepoint programs once only
     * @return the last run's result, and the packet afterwards
     * @throws BpfSyscallException if the kernel can't run this type of program so
     */
    public TestRun testRun(byte[] input, int repeat) {
        if (repeat < 1) {
            throw new IllegalArgumentException("a test runs once at least, not " + repeat + " times");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment none = MemorySegment.NULL;
            MemorySegment in =
                    input.length == 0 ? none : arena.allocate(input.length, 8).copyFrom(MemorySegment.ofArray(input));
            boolean raw = type == ProgramType.RAW_TRACEPOINT;
            MemorySegment out = raw ? none : arena.allocate(input.length + ROOM_TO_GROW, 8);
            Bpf.Tested tested =
                    fd.use(n -> raw ? Bpf.testRun(n, none, none, in, 0) : Bpf.testRun(n, in, out, none, repeat));
            if (tested.result() < 0) {
                int errno = (int) -tested.result();
                throw new BpfSyscallException(
                        "test run of " + name + " (" + type + ")",
                        errno,
                        switch (errno) {
                            case Errno.EINVAL -> "a packet has 14 bytes at least, its Ethernet header";
                            case Errno.ENOTSUPP, Errno.EOPNOTSUPP -> "the kernel can't run programs of this type so";
                            default -> null;
                        });
            }
            byte[] output =
                    raw ? new byte[0] : out.asSlice(0, tested.outputSize()).toArray(JAVA_BYTE);
            return new TestRun(tested.result(), output, Duration.ofNanos(tested.nanos()));
        }
    }

    /**
     * The program as the kernel runs it, before it is compiled for the processor: after the verifier's changes, such as inlined map
     * look-ups. As it was before is told by {@link Disassembly#of(CompiledModule, String)}.
     *
     * @return its instructions with their lines of C; calls show the kernel's function if this process may see its addresses
     * @throws BpfSyscallException if the kernel does not tell
     */
    public Disassembly disassemble() {
        ProgramInfo info = fd.use(n -> ProgramInfo.read(n, name));
        return Disassembly.of(
                name,
                info.bytecode(),
                id -> "id:" + id,
                ProgramInfo::calledFunction,
                SourceLine.of(info.lineRecords(), info.lineRecordSize(), Btf.parse(module.btf())));
    }

    Fd fd() {
        return fd;
    }

    @Override
    public String toString() {
        return type + " program " + name;
    }
}

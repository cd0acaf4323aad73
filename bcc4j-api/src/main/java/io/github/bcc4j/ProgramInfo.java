package io.github.bcc4j;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.symbol.HiddenSymbolsException;
import io.github.bcc4j.symbol.KernelSymbols;
import io.github.bcc4j.symbol.Symbol;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/** What the kernel tells of a loaded program. Source: {@code struct bpf_prog_info} in the kernel's uapi/linux/bpf.h. */
record ProgramInfo(byte[] bytecode, byte[] lineRecords, int lineRecordSize) {
    private static final int SIZE = 192;
    private static final int BYTECODE_LENGTH = 20;
    private static final int BYTECODE = 32;
    private static final int LINE_COUNT = 148;
    private static final int LINES = 152;
    private static final int LINE_SIZE = 172;

    /** Asks twice: for the sizes, then for the content. */
    static ProgramInfo read(int fd, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = ask(fd, arena.allocate(SIZE, 8), name);
            int length = sizes.get(JAVA_INT, BYTECODE_LENGTH);
            int lines = sizes.get(JAVA_INT, LINE_COUNT);
            int lineSize = sizes.get(JAVA_INT, LINE_SIZE);
            MemorySegment bytecode = arena.allocate(Math.max(length, 8), 8);
            MemorySegment records = arena.allocate(Math.max((long) lines * lineSize, 8), 8);
            MemorySegment info = arena.allocate(SIZE, 8);
            info.set(JAVA_INT, BYTECODE_LENGTH, length);
            info.set(JAVA_LONG, BYTECODE, bytecode.address());
            info.set(JAVA_INT, LINE_COUNT, lines);
            info.set(JAVA_INT, LINE_SIZE, lineSize);
            info.set(JAVA_LONG, LINES, lines == 0 ? 0 : records.address());
            ask(fd, info, name);
            return new ProgramInfo(
                    bytecode.asSlice(0, length).toArray(JAVA_BYTE),
                    records.asSlice(0, (long) lines * lineSize).toArray(JAVA_BYTE),
                    lineSize);
        }
    }

    private static MemorySegment ask(int fd, MemorySegment info, String name) {
        int result = Bpf.info(fd, info);
        if (result < 0) {
            throw new BpfSyscallException("read the instructions of " + name, -result, null);
        }
        return info;
    }

    /** A loaded program calls functions by their distance from one. */
    static String calledFunction(int distance) {
        try {
            KernelSymbols kernel = KernelSymbols.current();
            OptionalLong base = kernel.address("__bpf_call_base");
            if (base.isPresent()) {
                return kernel.resolve(base.getAsLong() + distance)
                        .map(Symbol::name)
                        .orElse("#" + distance);
            }
        } catch (HiddenSymbolsException e) {
            // then the number has to do
        }
        return "#" + distance;
    }
}

package io.github.bcc4j.symbol;

import java.util.Objects;

/**
 * One place of a stack.
 *
 * @param kind whose code it is
 * @param address where it is in memory; within the file, for a frame of {@link BuildIdSymbols}
 * @param name the function, {@value #UNKNOWN} if none is known
 * @param offset bytes from the function's start; the address where no function is known
 * @param module the kernel module, the file of the process, or the map of run-time compiled code; empty for the kernel proper, and
 *     where nothing is known
 */
public record Frame(Kind kind, long address, String name, long offset, String module) {
    /** The name of a function that is not known. */
    public static final String UNKNOWN = "[unknown]";

    /** Whose code it is. */
    public enum Kind {
        /** The kernel, its modules and BPF programs. */
        KERNEL,
        /** A process: its executable and libraries. */
        USER,
        /** What a run-time compiler (of a JVM, of JavaScript) made, and gave a name in a perf map. */
        JIT
    }

    /** Checks the parts. */
    public Frame {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(module, "module");
    }

    static Frame of(Kind kind, long address, Symbol symbol) {
        return new Frame(kind, address, symbol.name(), symbol.offset(), symbol.module());
    }

    static Frame unknown(Kind kind, long address, String module) {
        return new Frame(kind, address, UNKNOWN, address, module);
    }

    /**
     * Whether the function is known.
     *
     * @return false for {@value #UNKNOWN}
     */
    public boolean isKnown() {
        return !name.equals(UNKNOWN);
    }

    /** Returns {@code vfs_read+0x1f}, {@code main+0x4 [/usr/bin/ls]}, or {@code [unknown] 0x7f0012345678}. */
    @Override
    public String toString() {
        String place = isKnown() ? name + "+0x" + Long.toHexString(offset) : name + " 0x" + Long.toHexString(address);
        return place + (module.isEmpty() ? "" : " [" + module + ']');
    }
}

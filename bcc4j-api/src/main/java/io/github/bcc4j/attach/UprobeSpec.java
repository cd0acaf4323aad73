package io.github.bcc4j.attach;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * An instruction of a program or library: the entry of a function, an offset in it, its return, or any address.
 *
 * <p>Kernel floor: 4.17 (the {@code uprobe} performance unit, whose probes end with their descriptor); 4.20 with a reference counter, 5.15
 * with a cookie.
 *
 * @param binary an absolute path, or the name of a library ({@code c}, {@code libc.so.6}) or command as {@link Binaries#find} knows it
 * @param place where in it
 * @param pid the process whose threads alone are to be probed, and whose files {@code binary} is one of; empty for all processes
 * @param returning whether to run when the function returns instead of when the place is reached
 * @param referenceCounter the offset in the file of a 16-bit counter that the kernel keeps raised, in every process, while the probe is there;
 *     0 for none
 * @param cookie what {@code bpf_get_attach_cookie} gives there; 0 for none
 */
public record UprobeSpec(
        String binary, Place place, OptionalInt pid, boolean returning, long referenceCounter, long cookie)
        implements AttachSpec {

    /** A place in a binary. */
    public sealed interface Place permits Symbol, Address, FileOffset {}

    /**
     * A function, or an offset in it.
     *
     * @param name the symbol, as the linker knows it: mangled for C++; with a version if one is meant: {@code memcpy@GLIBC_2.2.5}
     * @param offset bytes from its start
     */
    public record Symbol(String name, long offset) implements Place {
        /** Checks the parts. */
        public Symbol {
            if (name.isBlank() || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("not a symbol: \"" + name + '"');
            }
            if (offset < 0) {
                throw new IllegalArgumentException("negative offset in " + name + ": " + offset);
            }
        }

        @Override
        public String toString() {
            return name + (offset == 0 ? "" : "+0x" + Long.toHexString(offset));
        }
    }

    /**
     * An address, as the file's own symbol table and disassembly give it: before the file is placed in a process.
     *
     * @param address the address
     */
    public record Address(long address) implements Place {
        @Override
        public String toString() {
            return "0x" + Long.toHexString(address);
        }
    }

    /**
     * A position in the file.
     *
     * @param offset bytes from the file's start
     */
    public record FileOffset(long offset) implements Place {
        /** Checks the offset. */
        public FileOffset {
            if (offset < 0) {
                throw new IllegalArgumentException("negative file offset: " + offset);
            }
        }

        @Override
        public String toString() {
            return "@0x" + Long.toHexString(offset);
        }
    }

    /** Checks the parts. */
    public UprobeSpec {
        Objects.requireNonNull(place, "place");
        if (binary.isBlank() || binary.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a path or name: \"" + binary + '"');
        }
        pid.ifPresent(UprobeSpec::checkPid);
        if (returning && place instanceof Symbol s && s.offset() != 0) {
            throw new IllegalArgumentException("a return probe of " + s.name() + " takes no offset");
        }
        if (referenceCounter < 0 || referenceCounter > 0xffff_ffffL) {
            throw new IllegalArgumentException("a reference counter lies in the first 4 GiB of its file, not at "
                    + Long.toUnsignedString(referenceCounter));
        }
    }

    static void checkPid(int pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException("not a process: " + pid);
        }
    }

    /**
     * The entry of a function, or an offset in it.
     *
     * @param binary the path or name of the program or library
     * @param target {@code function} or {@code function+offset}, the offset in decimal or as {@code 0x1f}
     * @return the place, in all processes
     */
    public static UprobeSpec entry(String binary, String target) {
        int plus = target.lastIndexOf('+');
        if (plus <= 0) {
            return at(binary, new Symbol(target, 0));
        }
        try {
            return at(binary, new Symbol(target.substring(0, plus), Long.decode(target.substring(plus + 1))));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a symbol and offset: \"" + target + '"', e);
        }
    }

    /**
     * The return of a function.
     *
     * @param binary the path or name of the program or library
     * @param symbol the function
     * @return the place, in all processes
     */
    public static UprobeSpec returnOf(String binary, String symbol) {
        return new UprobeSpec(binary, new Symbol(symbol, 0), OptionalInt.empty(), true, 0, 0);
    }

    /**
     * Any place.
     *
     * @param binary the path or name of the program or library
     * @param place where in it; the start of an instruction, else the program that runs there breaks
     * @return the place, in all processes
     */
    public static UprobeSpec at(String binary, Place place) {
        return new UprobeSpec(binary, place, OptionalInt.empty(), false, 0, 0);
    }

    /**
     * The same place in one process only.
     *
     * @param process its id
     * @return the place
     */
    public UprobeSpec withPid(int process) {
        return new UprobeSpec(binary, place, OptionalInt.of(process), returning, referenceCounter, cookie);
    }

    /**
     * The same place with a reference counter.
     *
     * @param offset the counter's offset in the file
     * @return the place
     */
    public UprobeSpec withReferenceCounter(long offset) {
        return new UprobeSpec(binary, place, pid, returning, offset, cookie);
    }

    /**
     * The same place with a cookie.
     *
     * @param value what {@code bpf_get_attach_cookie} is to give
     * @return the place
     */
    public UprobeSpec withCookie(long value) {
        return new UprobeSpec(binary, place, pid, returning, referenceCounter, value);
    }

    @Override
    public ProgramType programType() {
        return ProgramType.KPROBE;
    }

    @Override
    public String toString() {
        return (returning ? "r:" : "p:") + binary + ":" + place
                + (pid.isPresent() ? " in process " + pid.getAsInt() : "");
    }
}

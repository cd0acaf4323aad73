package io.github.bcc4j.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.github.bcc4j.ffm.linux.Arch;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Linux;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Redirects functions that a loaded shared library imports, by overwriting their slots in its global offset table.
 *
 * <p>For the compile process alone. Source: the System V ABI's "Dynamic Linking" and the processor supplements' relocation types.
 */
public final class ImportPatcher implements AutoCloseable {
    private static final int PT_DYNAMIC = 2;
    private static final int DT_PLTRELSZ = 2;
    private static final int DT_STRTAB = 5;
    private static final int DT_SYMTAB = 6;
    private static final int DT_RELA = 7;
    private static final int DT_RELASZ = 8;
    private static final int DT_STRSZ = 10;
    private static final int DT_JMPREL = 23;
    private static final int ENTRY = 3; // longs: offset, symbol and type, addend
    private static final int SYMBOL = 6; // ints, the first of which is the name
    private static final int MARKED = 10; // bytes of a name

    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final long base;
    private final long[] dynamic = new long[DT_JMPREL + 1];
    private final Map<Long, Long> before = new LinkedHashMap<>();

    private ImportPatcher(long base) {
        this.base = base;
        long headers = base + MEMORY.get(JAVA_LONG, base + 32);
        int size = MEMORY.get(JAVA_SHORT, base + 54);
        int count = MEMORY.get(JAVA_SHORT, base + 56);
        for (int i = 0; i < count; i++) {
            long header = headers + (long) i * size;
            if (MEMORY.get(JAVA_INT, header) == PT_DYNAMIC) {
                readDynamic(base + MEMORY.get(JAVA_LONG, header + 16));
            }
        }
    }

    private void readDynamic(long at) {
        for (long tag; (tag = MEMORY.get(JAVA_LONG, at)) != 0; at += 16) {
            if (tag > 0 && tag < dynamic.length) {
                dynamic[(int) tag] = MEMORY.get(JAVA_LONG, at + 8);
            }
        }
    }

    /** Most loaders turn the table's addresses into absolute ones in place; some leave them relative. */
    private long address(int tag) {
        return Long.compareUnsigned(dynamic[tag], base) < 0 ? base + dynamic[tag] : dynamic[tag];
    }

    /**
     * Redirects imports of a library that is loaded in this process.
     *
     * @param library the start of its file name: {@code libbcc.so}
     * @param replacements from a symbol's name to the function to call instead
     * @return what is to be closed to undo it
     * @throws IllegalStateException if the library is not loaded, or its memory can't be made writable
     */
    public static ImportPatcher patch(String library, Map<String, MemorySegment> replacements) {
        ImportPatcher patcher = new ImportPatcher(findBase(library));
        patcher.patch(DT_JMPREL, DT_PLTRELSZ, replacements);
        patcher.patch(DT_RELA, DT_RELASZ, replacements);
        return patcher;
    }

    private static long findBase(String library) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                // 7f00-7f01 r--p 00000000 08:01 123   /usr/lib/libbcc.so.0.26.0
                String[] fields = line.split("\\s+", 6);
                if (fields.length == 6
                        && fields[2].equals("00000000")
                        && fields[5].substring(fields[5].lastIndexOf('/') + 1).startsWith(library)) {
                    return Long.parseUnsignedLong(fields[0].substring(0, fields[0].indexOf('-')), 16);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("read /proc/self/maps", e);
        }
        throw new IllegalStateException(library + " is not loaded");
    }

    /**
     * Looks through some thousands of imports. In a young JVM each access to native memory takes microseconds, so the tables are copied,
     * and a name is only read whole if some of its bytes are those of a wanted one.
     */
    private void patch(int table, int size, Map<String, MemorySegment> replacements) {
        boolean[] wanted = new boolean[1 << 15];
        for (String name : replacements.keySet()) {
            wanted[mark(Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), name.length() + MARKED), 0)] = true;
        }
        long[] entries = new long[(int) (dynamic[size] / 8)];
        MemorySegment.copy(MEMORY, JAVA_LONG, address(table), entries, 0, entries.length);
        int last = 0;
        for (int i = 1; i < entries.length; i += ENTRY) {
            last = Math.max(last, (int) (entries[i] >>> 32));
        }
        int[] symbols = new int[(last + 1) * SYMBOL];
        MemorySegment.copy(MEMORY, JAVA_INT, address(DT_SYMTAB), symbols, 0, symbols.length);
        byte[] names = new byte[(int) dynamic[DT_STRSZ] + MARKED];
        MemorySegment.copy(MEMORY, JAVA_BYTE, address(DT_STRTAB), names, 0, names.length - MARKED);
        for (int i = 0; i < entries.length; i += ENTRY) {
            int type = (int) entries[i + 1];
            int name = symbols[(int) (entries[i + 1] >>> 32) * SYMBOL];
            if (wanted[mark(names, name)]
                    && (type == Arch.current().relocJumpSlot()
                            || type == Arch.current().relocGlobDat())) {
                MemorySegment replacement = replacements.get(MEMORY.getString(address(DT_STRTAB) + name));
                if (replacement != null) {
                    long slot = base + entries[i];
                    before.put(slot, MEMORY.get(JAVA_LONG, slot));
                    write(slot, replacement.address());
                }
            }
        }
    }

    /** A small number that two names share if they begin alike. */
    private static int mark(byte[] names, int at) {
        return (names[at] & 31) << 10 | (names[at + 4] & 31) << 5 | names[at + MARKED - 1] & 31;
    }

    /** Puts back what was there. Needed before the process ends, when libraries call what they import for a last time. */
    @Override
    public void close() {
        before.forEach(ImportPatcher::write);
        before.clear();
    }

    private static void write(long slot, long value) {
        long page = slot & -Linux.pageSize();
        int result = Linux.protect(page, Linux.pageSize(), Linux.PROT_READ | Linux.PROT_WRITE);
        if (result < 0) {
            throw new IllegalStateException("make an import slot writable: " + Errno.describe(-result));
        }
        MEMORY.set(JAVA_LONG, slot, value);
    }
}

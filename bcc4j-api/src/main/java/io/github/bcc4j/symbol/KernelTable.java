package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The functions of a kernel at one moment: {@code /proc/kallsyms} without its data, in three arrays, about 5 MB for 120 000 functions.
 * Addresses are unsigned. Immutable, but for the names that were asked for, and an index of them that is made when it first is.
 */
final class KernelTable {
    private static final int LARGEST_READ = 8192; // FileInputStream copies more by way of the heap
    private static final int LEAST_SHIFT = 9;
    private static final int MOST_BLOCKS = 1 << 17;
    private static final int MULTIPLIER = 0x9E3779B1;

    private final long[] addresses;
    /** Where in {@link #text} the name is that belongs to the address of the same index; it ends with a newline. */
    private final int[] names;

    private final byte[] text;
    /** The names that were asked for, by index; any thread may make one again. */
    private final String[] known;
    /** The kernel proper begins and ends with these; it is in one piece. */
    private final int firstOfKernel;

    private final int lastOfKernel;
    /** For each block of 2<sup>{@link #shift}</sup> bytes of the kernel proper the index of the last symbol at or before its start. */
    private final int[] blocks;

    private final int shift;
    /** Open addressing: index plus one of a symbol by its name. */
    private volatile int[] byName;

    private KernelTable(long[] addresses, int[] names, byte[] text) {
        this.addresses = addresses;
        this.names = names;
        this.text = text;
        this.known = new String[addresses.length];
        int first = 0;
        while (first < addresses.length && (addresses[first] == 0 || !isOfKernel(first))) {
            first++;
        }
        int last = addresses.length - 1;
        while (last >= 0 && !isOfKernel(last)) {
            last--;
        }
        this.firstOfKernel = first;
        this.lastOfKernel = last;
        long length = last < first ? 0 : addresses[last] - addresses[first];
        this.shift = Math.max(LEAST_SHIFT, 64 - Long.numberOfLeadingZeros(Long.divideUnsigned(length, MOST_BLOCKS)));
        this.blocks = new int[last < first ? 0 : (int) (length >>> shift) + 1];
        for (int block = 0, at = first; block < blocks.length; block++) {
            at = last(at, addresses[first] + ((long) block << shift));
            blocks[block] = at;
        }
    }

    /** From a symbol of the kernel on, the last one that begins at or before an address. */
    private int last(int from, long address) {
        int at = from;
        while (at < lastOfKernel && Long.compareUnsigned(addresses[at + 1], address) <= 0) {
            at++;
        }
        return at;
    }

    private boolean isOfKernel(int index) {
        return text[end(names[index])] == '\n';
    }

    static KernelTable load(Path kallsyms, Path restriction) {
        Parser parser = new Parser();
        try (InputStream in = new FileInputStream(kallsyms.toFile())) {
            parser.read(in);
        } catch (IOException e) {
            throw new BpfException("can't read " + kallsyms, "mount -t proc proc /proc", e);
        }
        if (!parser.shown) {
            throw new HiddenSymbolsException(kallsyms.toString(), Proc.firstLine(restriction, "unknown"));
        }
        long[] addresses = Arrays.copyOf(parser.addresses, parser.count);
        int[] names = Arrays.copyOf(parser.names, parser.count);
        byte[] text = Arrays.copyOf(parser.text, parser.length);
        RunSort.sort(addresses, names);
        return new KernelTable(addresses, names, text);
    }

    /** Takes the lines apart: {@code ffffffff81000000 T name<tab>[module]}. */
    private static final class Parser {
        private long[] addresses = new long[1 << 17];
        private int[] names = new int[1 << 17];
        private byte[] text = new byte[1 << 22];
        private int count;
        private int length;
        private boolean shown;

        void read(InputStream in) throws IOException {
            byte[] lines = new byte[1 << 16];
            int kept = 0;
            for (int n = in.read(lines, 0, LARGEST_READ); n > 0; n = in.read(lines, kept, LARGEST_READ)) {
                int end = kept + n;
                int used = take(lines, end);
                kept = end - used;
                System.arraycopy(lines, used, lines, 0, kept);
            }
        }

        /** Takes whole lines; how many bytes they are. */
        private int take(byte[] lines, int end) {
            int start = 0;
            for (int next = line(lines, 0, end); next > 0; next = line(lines, start, end)) {
                start = next;
            }
            return start;
        }

        /** Takes a line and gives where the next one begins, 0 if it has no end. What loops is in here: it is called often, and so compiled soon. */
        private int line(byte[] lines, int start, int limit) {
            long address = 0;
            int at = start;
            for (; at < limit && lines[at] != ' '; at++) {
                address = address << 4 | hex(lines[at]);
            }
            int name = at + 3;
            int end = name;
            while (end < limit && lines[end] != '\n') {
                end++;
            }
            if (end >= limit) {
                return 0;
            }
            int type = lines[at + 1] | 0x20;
            if (type == 't' || type == 'w') {
                add(address, lines, name, end + 1 - name);
            }
            return end + 1;
        }

        private void add(long address, byte[] lines, int name, int size) {
            shown |= address != 0;
            if (count == addresses.length) {
                addresses = Arrays.copyOf(addresses, count * 2);
                names = Arrays.copyOf(names, count * 2);
            }
            if (length + size > text.length) {
                text = Arrays.copyOf(text, text.length * 2);
            }
            addresses[count] = address;
            names[count++] = length;
            System.arraycopy(lines, name, text, length, size);
            length += size;
        }

        private static int hex(int digit) {
            return digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
        }
    }

    int size() {
        return addresses.length;
    }

    /** The index of the symbol an address lies in, or -1: what lies behind the kernel proper, and before a module, is nobody's. */
    int find(long address) {
        int at = last(address);
        if (at < 0) {
            return -1;
        }
        if (addresses[at] == 0 || at == lastOfKernel && addresses[at] != address) {
            return -1;
        }
        while (at > 0 && addresses[at - 1] == addresses[at]) {
            at--;
        }
        return at;
    }

    /** The index of the last symbol that begins at or before an address, or -1. */
    private int last(long address) {
        if (blocks.length > 0 && lies(address, addresses[firstOfKernel], addresses[lastOfKernel])) {
            return last(blocks[(int) (address - addresses[firstOfKernel] >>> shift)], address);
        }
        int low = 0; // the first index whose address is higher
        for (int high = addresses.length; low < high; ) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(addresses[middle], address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private static boolean lies(long address, long first, long last) {
        return Long.compareUnsigned(address - first, last - first) <= 0;
    }

    /** A symbol by its index, and how far an address is from it. */
    Symbol symbol(int index, long address) {
        String name = known[index];
        if (name == null) {
            name = new String(text, names[index], end(names[index]) - names[index], StandardCharsets.ISO_8859_1);
            known[index] = name;
        }
        return new Symbol(name, address - addresses[index], isPermanent(index) ? "" : module(end(names[index])));
    }

    /** Whether a symbol is of the kernel proper, which does not change while it runs. */
    boolean isPermanent(int index) {
        return index >= firstOfKernel && index <= lastOfKernel;
    }

    /** The module behind the end of a name: {@code <tab>[module]}. */
    private String module(int end) {
        int to = end + 2;
        while (text[to] != ']') {
            to++;
        }
        return new String(text, end + 2, to - end - 2, StandardCharsets.ISO_8859_1);
    }

    private int end(int from) {
        int end = from;
        while (text[end] != '\n' && text[end] != '\t') {
            end++;
        }
        return end;
    }

    OptionalLong address(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.ISO_8859_1);
        int[] index = byName == null ? byName = index() : byName;
        for (int slot = slot(wanted, 0, wanted.length, index.length); index[slot] != 0; slot = next(slot, index)) {
            int at = index[slot] - 1;
            int from = names[at];
            if (Arrays.equals(text, from, end(from), wanted, 0, wanted.length)) {
                return OptionalLong.of(addresses[at]);
            }
        }
        return OptionalLong.empty();
    }

    /** Symbols go in by rising address, so that of equal names the lowest is found first. */
    private int[] index() {
        int[] index = new int[Integer.highestOneBit(Math.max(addresses.length, 1)) * 4];
        for (int i = 0; i < addresses.length; i++) {
            int slot = slot(text, names[i], end(names[i]), index.length);
            while (index[slot] != 0) {
                slot = next(slot, index);
            }
            index[slot] = i + 1;
        }
        return index;
    }

    private static int slot(byte[] bytes, int from, int to, int slots) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash * MULTIPLIER >>> 7) & slots - 1;
    }

    private static int next(int slot, int[] index) {
        return slot + 1 & index.length - 1;
    }

    SortedSet<String> modules() {
        SortedSet<String> modules = new TreeSet<>();
        for (int i = 0; i < addresses.length; i++) {
            if (!isOfKernel(i)) {
                modules.add(module(end(names[i])));
            }
        }
        return modules;
    }
}

package io.github.bcc4j.kernel;

import io.github.bcc4j.BpfException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The functions of the running kernel and its modules by address: a copy of {@code /proc/kallsyms}, about 3 MB and 100 ms.
 *
 * <p>Immutable and thread-safe. Addresses are unsigned. Functions of modules that are loaded later are not in it: load anew.
 */
public final class KernelSymbols {
    /**
     * A place in the kernel.
     *
     * @param name the function
     * @param offset bytes from its start
     * @param module the module it is in, empty for the kernel proper
     */
    public record Symbol(String name, long offset, String module) {
        /** Returns {@code vfs_read+0x1f}, or {@code ext4_sync_file+0x0 [ext4]}. */
        @Override
        public String toString() {
            return name + "+0x" + Long.toHexString(offset) + (module.isEmpty() ? "" : " [" + module + ']');
        }
    }

    /** Sorted, unsigned. */
    private final long[] addresses;
    /** Where in {@link #text} the name is that belongs to the address of the same index; it ends with a newline. */
    private final int[] names;

    private final byte[] text;

    private KernelSymbols(long[] addresses, int[] names, byte[] text) {
        this.addresses = addresses;
        this.names = names;
        this.text = text;
    }

    /**
     * Reads the running kernel's table.
     *
     * @return the table as of now
     * @throws BpfException if this process is not shown the addresses
     */
    public static KernelSymbols load() {
        return load(Path.of("/proc/kallsyms"));
    }

    static KernelSymbols load(Path kallsyms) {
        List<Long> found = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        ByteArrayOutputStream text = new ByteArrayOutputStream(4 << 20);
        try (BufferedReader lines = Files.newBufferedReader(kallsyms, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // ffffffff81000000 T name<tab>[module]
                int space = line.indexOf(' ');
                char type = Character.toLowerCase(line.charAt(space + 1));
                if (type == 't' || type == 'w') {
                    found.add(Long.parseUnsignedLong(line, 0, space, 16));
                    starts.add(text.size());
                    text.writeBytes((line.substring(space + 3) + '\n').getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException e) {
            throw new BpfException("can't read " + kallsyms, "mount -t proc proc /proc", e);
        }
        if (found.stream().allMatch(a -> a == 0)) {
            throw new BpfException(
                    kallsyms + " hides the kernel's addresses from this process",
                    "give it CAP_SYSLOG; with kernel.kptr_restrict = 2 nobody sees them",
                    null);
        }
        // Aliases of one address stay in the table's order: the sort is stable.
        int[] order = IntStream.range(0, found.size())
                .boxed()
                .sorted(Comparator.comparing(found::get, Long::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        return new KernelSymbols(
                Arrays.stream(order).mapToLong(found::get).toArray(),
                Arrays.stream(order).map(starts::get).toArray(),
                text.toByteArray());
    }

    /**
     * How many functions there are.
     *
     * @return positive
     */
    public int size() {
        return addresses.length;
    }

    /**
     * The function an address lies in, or behind.
     *
     * @param address an address of the kernel
     * @return the last function that begins at or before it, the first listed of its names; empty for an address below all
     */
    public Optional<Symbol> resolve(long address) {
        int low = 0; // the first index whose address is higher
        for (int high = addresses.length; low < high; ) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(addresses[middle], address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int at = low - 1;
        while (at > 0 && addresses[at - 1] == addresses[at]) {
            at--;
        }
        if (at < 0 || addresses[at] == 0) {
            return Optional.empty();
        }
        String name = name(at);
        int tab = name.indexOf('\t');
        return Optional.of(
                tab < 0
                        ? new Symbol(name, address - addresses[at], "")
                        : new Symbol(
                                name.substring(0, tab),
                                address - addresses[at],
                                name.substring(tab + 2, name.length() - 1)));
    }

    private String name(int index) {
        int end = names[index];
        while (text[end] != '\n') {
            end++;
        }
        return new String(text, names[index], end - names[index], StandardCharsets.ISO_8859_1);
    }

    /**
     * Where a function begins.
     *
     * @param name its symbol, without module
     * @return its address, the lowest if several have the name; empty if none has
     */
    public OptionalLong address(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < names.length; i++) {
            int end = names[i] + wanted.length;
            if (end < text.length
                    && Arrays.equals(text, names[i], end, wanted, 0, wanted.length)
                    && (text[end] == '\n' || text[end] == '\t')) {
                return OptionalLong.of(addresses[i]);
            }
        }
        return OptionalLong.empty();
    }
}

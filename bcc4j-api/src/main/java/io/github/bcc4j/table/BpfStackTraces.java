package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.bcc4j.ffm.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code BPF_STACK_TRACE} or {@code BPF_STACK_TRACE_BUILDID}: stacks that programs put in by {@code get_stackid}, by the id that it
 * returned. Equal stacks have one id.
 *
 * <p>A negative id is no stack but a refusal, which {@link #explain} puts in words: count them, or stacks are missing silently.
 *
 * <p>Thread-safe. Kernel floor: 4.6, with build-ids 4.17.
 */
public final class BpfStackTraces {
    private static final int STACK_BUILD_ID = 1 << 5;
    private static final int BUILD_ID_VALID = 1;
    private static final int BUILD_ID_SIZE = 20;
    private static final long FRAME = 32;

    private final KernelMap map;

    private BpfStackTraces(KernelMap map) {
        this.map = map;
    }

    /**
     * A place in a program's file, or an address where the kernel could not tell the file.
     *
     * @param buildId the file's build-id in hexadecimal, empty if {@code offset} is an address
     * @param offset where in the file, or in the process's memory
     */
    public record Place(String buildId, long offset) {}

    /**
     * A view of a map.
     *
     * @param map a stack trace map
     * @return the view
     */
    public static BpfStackTraces of(KernelMap map) {
        return new BpfStackTraces(map);
    }

    /**
     * The table's name.
     *
     * @return as in the C text
     */
    public String name() {
        return map.name();
    }

    /**
     * Whether its frames are places in files rather than addresses.
     *
     * @return true for {@code BPF_STACK_TRACE_BUILDID}
     */
    public boolean hasBuildIds() {
        return (map.spec().flags() & STACK_BUILD_ID) != 0;
    }

    /**
     * A stack's addresses.
     *
     * @param id what {@code get_stackid} returned, as programs keep it in 32 or 64 bits
     * @return the innermost first
     * @throws IllegalArgumentException if the id is a refusal ({@link #explain}) or unknown
     * @throws IllegalStateException if the frames are places in files: {@link #places}
     */
    public long[] addresses(long id) {
        require(false);
        try (Scratch scratch = Scratch.take(map)) {
            return addresses(find(id, scratch), 0);
        }
    }

    /**
     * A stack's places in files.
     *
     * @param id what {@code get_stackid} returned, as programs keep it in 32 or 64 bits
     * @return the innermost first
     * @throws IllegalArgumentException if the id is a refusal ({@link #explain}) or unknown
     * @throws IllegalStateException if the frames are addresses: {@link #addresses}
     */
    public List<Place> places(long id) {
        require(true);
        try (Scratch scratch = Scratch.take(map)) {
            MemorySegment stack = find(id, scratch);
            List<Place> places = new ArrayList<>();
            for (long at = 0; at + FRAME <= stack.byteSize() && stack.get(JAVA_INT, at) != 0; at += FRAME) {
                boolean valid = stack.get(JAVA_INT, at) == BUILD_ID_VALID;
                byte[] buildId = stack.asSlice(at + 4, BUILD_ID_SIZE).toArray(JAVA_BYTE);
                places.add(new Place(
                        valid ? HexFormat.of().formatHex(buildId) : "", stack.get(JAVA_LONG, at + FRAME - 8)));
            }
            return places;
        }
    }

    private void require(boolean buildIds) {
        if (buildIds != hasBuildIds()) {
            throw new IllegalStateException("stack traces \"" + name() + "\" have "
                    + (buildIds ? "addresses, not build-ids: use addresses()" : "build-ids: use places()"));
        }
    }

    private MemorySegment find(long id, Scratch scratch) {
        if ((int) id < 0) {
            throw new IllegalArgumentException("no stack but a refusal: " + explain(id));
        }
        scratch.key().set(JAVA_INT, 0, (int) id);
        if (!map.lookup(scratch.key(), scratch.value())) {
            throw new IllegalArgumentException("stack traces \"" + name() + "\" have no stack " + (int) id
                    + ": it was removed, or its id is of another table");
        }
        return scratch.value();
    }

    private long[] addresses(MemorySegment stacks, long at) {
        long[] all = stacks.asSlice(at, map.valueSize()).toArray(JAVA_LONG);
        int depth = 0;
        while (depth < all.length && all[depth] != 0) {
            depth++;
        }
        return Arrays.copyOf(all, depth);
    }

    /**
     * What {@code get_stackid} meant.
     *
     * @param id what it returned
     * @return why there is no stack; for an id that is none of an error, that it is an id
     */
    public String explain(long id) {
        int number = (int) id;
        if (number >= 0) {
            return "stack id " + number;
        }
        return "get_stackid returned " + Errno.describe(-number)
                + switch (-number) {
                    case Errno.EFAULT -> ": there is no such stack here, as a kernel thread has no user stack";
                    case Errno.EEXIST ->
                        ": another stack has the place of this one in table \"" + name() + "\", which has "
                                + Integer.toUnsignedString(map.spec().maxEntries())
                                + " places: give it more, or let the newer win by BPF_F_REUSE_STACKID";
                    case Errno.ENOMEM ->
                        ": table \"" + name() + "\" is full: give it more, or remove stacks that were read";
                    default -> "";
                };
    }

    /**
     * Every stack's addresses.
     *
     * @return by id
     * @throws IllegalStateException if the frames are places in files
     */
    public Snapshot<Integer, long[]> snapshot() {
        require(false);
        try (Arena arena = Arena.ofConfined()) {
            BatchReader reader = new BatchReader(map, false, arena);
            Map<Integer, long[]> stacks = new LinkedHashMap<>();
            for (int n; (n = reader.next()) > 0; ) {
                for (int i = 0; i < n; i++) {
                    stacks.put(reader.keys().getAtIndex(JAVA_INT, i), addresses(reader.values(), i * map.valueSize()));
                }
            }
            return new Snapshot<>(stacks, reader.isComplete());
        }
    }

    /**
     * Removes a stack, so that its id can be given to another.
     *
     * @param id its id
     * @return whether it was there
     */
    public boolean remove(long id) {
        try (Scratch scratch = Scratch.take(map)) {
            scratch.key().set(JAVA_INT, 0, (int) id);
            return (int) id >= 0 && map.delete(scratch.key());
        }
    }

    /** Removes every stack. Ids that programs keep elsewhere mean nothing, or another stack, afterwards. */
    public void clear() {
        try (Arena arena = Arena.ofConfined()) {
            BatchReader reader = new BatchReader(map, true, arena);
            while (reader.next() > 0) {}
        }
    }

    @Override
    public String toString() {
        return map.toString();
    }
}

package io.github.bcc4j.table;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.kernel.Privileges;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;

/**
 * A map in the kernel, as bytes: what all tables are made on. Keys and values are native memory of {@link #keySize()} and {@link
 * #valueSize()} bytes or more; other memory is an {@link IllegalArgumentException}, as the kernel would write beyond it.
 *
 * <p>Thread-safe. Closing lets calls under way on other threads end first; calls that begin later are an {@link
 * IllegalStateException} that names the table.
 */
public final class KernelMap implements AutoCloseable {
    private final MapSpec spec;
    private static final Set<Integer> PER_CPU = Set.of(5, 6, 10, 21);
    private static final int SOCKMAP = 15;

    private final Fd fd;
    private final boolean modern;
    private final long valueSize;

    private KernelMap(MapSpec spec, Fd fd, boolean modern) {
        this.spec = spec;
        this.fd = fd;
        this.modern = modern;
        this.valueSize = PER_CPU.contains(spec.type())
                ? Math.ceilDiv(spec.valueSize(), 8) * 8L * Cpus.possible().cardinality()
                : spec.valueSize();
    }

    /**
     * Takes ownership of a map's descriptor.
     *
     * @param spec what the map is
     * @param fd its descriptor
     * @return its owner
     */
    public static KernelMap adopt(MapSpec spec, int fd) {
        return new KernelMap(spec, Fd.own(fd, "table \"" + spec.name() + '"'), true);
    }

    /** The same, without the calls that came with Linux 5.6 and later, as an older kernel would be. */
    static KernelMap adoptAsOld(MapSpec spec, int fd) {
        return new KernelMap(spec, Fd.own(fd, "table \"" + spec.name() + '"'), false);
    }

    /**
     * What the map is.
     *
     * @return as compiled
     */
    public MapSpec spec() {
        return spec;
    }

    /**
     * Its name.
     *
     * @return as in the C text
     */
    public String name() {
        return spec.name();
    }

    /**
     * Its descriptor, to be handed to a call at once.
     *
     * @return the number
     * @throws IllegalStateException if it is closed
     */
    public int fd() {
        return fd.number();
    }

    /**
     * Bytes of a key.
     *
     * @return its size, 0 if there are none
     */
    public long keySize() {
        return spec.keySize();
    }

    /**
     * Bytes of a value as the kernel hands it over: in a per-CPU map one of a multiple of 8 bytes for each possible CPU.
     *
     * @return its size
     */
    public long valueSize() {
        return valueSize;
    }

    /** For answers that need no call: the same exception as one would give. */
    void checkOpen() {
        fd.number();
    }

    int call(IntToLongFunction call) {
        return (int) fd.call(call);
    }

    private int modernCall(IntToLongFunction call) {
        return modern ? call(call) : -Errno.ENOTSUPP;
    }

    static boolean isUnsupported(int result) {
        return result == -Errno.EINVAL || result == -Errno.ENOTSUPP || result == -Errno.EOPNOTSUPP;
    }

    /** The kernel's answer, which steers the caller; {@code count} is the room in and the entries out. */
    int lookupBatch(
            boolean deleting,
            MemorySegment in,
            MemorySegment out,
            MemorySegment keys,
            MemorySegment values,
            MemorySegment count) {
        return modernCall(n -> deleting
                ? BpfMaps.lookupAndDeleteBatch(n, in, out, keys, values, count)
                : BpfMaps.lookupBatch(n, in, out, keys, values, count));
    }

    /** The kernel's answer; {@code count} is the entries in and those done out. */
    int updateBatch(MemorySegment keys, MemorySegment values, MemorySegment count) {
        return modernCall(n -> BpfMaps.updateBatch(n, keys, values, count));
    }

    /** The kernel's answer; {@code count} is the keys in and those done out. */
    int deleteBatch(MemorySegment keys, MemorySegment count) {
        return modernCall(n -> BpfMaps.deleteBatch(n, keys, count));
    }

    /**
     * Lets no system call change the map any more; programs still can. There is no way back. Kernel floor: 5.2.
     *
     * @throws BpfSyscallException if the kernel can't, or the map is mapped into memory for writing
     */
    public void freeze() {
        int result = call(BpfMaps::freeze);
        if (result < 0) {
            throw failure("freeze", -result);
        }
    }

    private MemorySegment key(MemorySegment key) {
        return keySize() == 0 ? MemorySegment.NULL : checked(key, keySize(), "a key");
    }

    private MemorySegment value(MemorySegment value) {
        return checked(value, valueSize, "a value");
    }

    private MemorySegment checked(MemorySegment memory, long size, String what) {
        if (!memory.isNative() || memory.byteSize() < size) {
            throw new IllegalArgumentException(what + " of table \"" + name() + "\" takes " + size
                    + " bytes of native memory, not " + memory.byteSize()
                    + (memory.isNative() ? "" : " on the heap"));
        }
        return memory;
    }

    /**
     * Looks a key up.
     *
     * @param key the key
     * @param value receives the value
     * @return whether it is there
     */
    public boolean lookup(MemorySegment key, MemorySegment value) {
        int result;
        int n = fd.hold();
        try {
            result = BpfMaps.lookup(n, key(key), value(value));
        } finally {
            fd.release();
        }
        return found(result, "look up a key of");
    }

    /**
     * Looks a key up and deletes it, in one step; in two where the kernel can't: hash maps before Linux 5.14, LPM tries.
     *
     * @param key the key
     * @param value receives the value
     * @return whether it was there
     */
    public boolean lookupAndDelete(MemorySegment key, MemorySegment value) {
        int result = modernCall(n -> BpfMaps.lookupAndDelete(n, key(key), value(value)));
        if (isUnsupported(result)) {
            return lookup(key, value) && delete(key);
        }
        return found(result, "take a key of");
    }

    /**
     * Deletes a key.
     *
     * @param key the key
     * @return whether it was there
     */
    public boolean delete(MemorySegment key) {
        int result = call(n -> BpfMaps.delete(n, key(key)));
        return !(result == -Errno.EINVAL && isPlaceForSocket(key)) && found(result, "delete a key of");
    }

    /** Of these, the kernel calls an empty one invalid. */
    private boolean isPlaceForSocket(MemorySegment key) {
        return spec.type() == SOCKMAP
                && Integer.compareUnsigned(key.get(ValueLayout.JAVA_INT_UNALIGNED, 0), spec.maxEntries()) < 0;
    }

    /**
     * Finds the key after a key, in the map's own order. If the key has gone meanwhile, that is the first.
     *
     * @param key the key; {@link MemorySegment#NULL} for the first one
     * @param next receives the key after it
     * @return whether there is one
     */
    public boolean nextKey(MemorySegment key, MemorySegment next) {
        MemorySegment from = key.equals(MemorySegment.NULL) ? key : key(key);
        return found(call(n -> BpfMaps.nextKey(n, from, key(next))), "go through the keys of");
    }

    private boolean found(int result, String what) {
        if (result < 0 && result != -Errno.ENOENT) {
            throw failure(what, -result);
        }
        return result >= 0;
    }

    /**
     * Sets a key's value.
     *
     * @param key the key
     * @param value the value
     * @param flags 0 for any key, 1 for a new key only, 2 for a key that is there only
     * @return false if the flags forbade it
     * @throws BpfException if the map is full
     */
    public boolean update(MemorySegment key, MemorySegment value, long flags) {
        int result = updated(key, value, flags);
        if (flags == 1 && result == -Errno.EEXIST || flags == 2 && result == -Errno.ENOENT) {
            return false;
        }
        if (result < 0) {
            throw failure("set a key of", -result);
        }
        return true;
    }

    private int updated(MemorySegment key, MemorySegment value, long flags) {
        int n = fd.hold();
        try {
            return BpfMaps.update(n, key(key), value(value), flags);
        } finally {
            fd.release();
        }
    }

    /** Sets a key's value, which no flag may forbid. */
    void put(MemorySegment key, MemorySegment value, long flags) {
        int result = updated(key, value, flags);
        if (result < 0) {
            throw failure("put into", -result);
        }
    }

    /** {@code struct bpf_map_info} does not tell, /proc does. */
    private boolean frozen() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo/" + fd.number()))) {
            return lines.anyMatch(l -> l.matches("frozen:\\s*1"));
        } catch (IOException e) {
            return false;
        }
    }

    BpfSyscallException failure(String what, int errno) {
        String hint = switch (errno) {
            case Errno.E2BIG ->
                "the table is full, it holds "
                        + Integer.toUnsignedString(spec.maxEntries())
                        + (spec.keySize() == 0
                                ? " entries: give it more in the C text, or take some out"
                                : " entries or the key is beyond its end: give it more in the C text, or use an LRU table");
            case Errno.EBUSY ->
                "a program or another process holds this part of the table, or the table is frozen: try again, or"
                        + " make another";
            case Errno.ENOMEM -> "the kernel has no memory for another entry: wait, or leave out BPF_F_NO_PREALLOC";
            case Errno.EPERM, Errno.EACCES ->
                frozen()
                        ? "the table is frozen: only programs can write to it"
                        : Privileges.explainEperm("use a map", errno);
            case Errno.EBADF -> "what was given is not open, or no object of the kind that this table is for";
            case Errno.EOPNOTSUPP, Errno.ENOTSUPP, Errno.EINVAL ->
                "tables of type " + BpfTable.typeName(spec.type())
                        + " do not know this operation, or not on this kernel";
            default -> null;
        };
        return new BpfSyscallException(what + " table \"" + name() + '"', errno, hint);
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true from then on
     */
    public boolean isClosed() {
        return fd.isClosed();
    }

    /** Closes the descriptor; the kernel keeps the map while programs use it or it is pinned. Closing again does nothing. */
    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return fd.toString();
    }
}

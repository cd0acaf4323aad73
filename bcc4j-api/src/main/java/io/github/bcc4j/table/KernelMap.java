package io.github.bcc4j.table;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.kernel.Privileges;
import java.lang.foreign.MemorySegment;

/**
 * A map in the kernel, as bytes: what all tables are made on.
 *
 * <p>Thread-safe. Closing lets calls under way on other threads end first.
 */
public final class KernelMap implements AutoCloseable {
    private final MapSpec spec;
    private final Fd fd;

    private KernelMap(MapSpec spec, Fd fd) {
        this.spec = spec;
        this.fd = fd;
    }

    /**
     * Takes ownership of a map's descriptor.
     *
     * @param spec what the map is
     * @param fd its descriptor
     * @return its owner
     */
    public static KernelMap adopt(MapSpec spec, int fd) {
        return new KernelMap(spec, Fd.own(fd, "table \"" + spec.name() + '"'));
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

    /** The kernel's answer as it is; for batch calls, whose errors steer the caller. */
    int raw(java.util.function.IntToLongFunction call) {
        return (int) fd.call(call);
    }

    /**
     * Looks a key up.
     *
     * @param key the key
     * @param value receives the value
     * @return whether it is there
     */
    public boolean lookup(MemorySegment key, MemorySegment value) {
        return found(raw(n -> BpfMaps.lookup(n, key, value)), "look up a key of");
    }

    /**
     * Looks a key up and deletes it, in one step. Hash maps since Linux 5.14.
     *
     * @param key the key
     * @param value receives the value
     * @return whether it was there
     */
    public boolean lookupAndDelete(MemorySegment key, MemorySegment value) {
        int result = raw(n -> BpfMaps.lookupAndDelete(n, key, value));
        if (BatchReader.isUnsupported(result)) {
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
        return found(raw(n -> BpfMaps.delete(n, key)), "delete a key of");
    }

    /**
     * Finds the key after a key, in the map's own order. If the key has gone meanwhile, that is the first.
     *
     * @param key the key; {@link MemorySegment#NULL} for the first one
     * @param next receives the key after it
     * @return whether there is one
     */
    public boolean nextKey(MemorySegment key, MemorySegment next) {
        return found(raw(n -> BpfMaps.nextKey(n, key, next)), "go through the keys of");
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
        int result = raw(n -> BpfMaps.update(n, key, value, flags));
        if (flags == 1 && result == -Errno.EEXIST || flags == 2 && result == -Errno.ENOENT) {
            return false;
        }
        if (result < 0) {
            throw failure("set a key of", -result);
        }
        return true;
    }

    BpfSyscallException failure(String what, int errno) {
        String hint = switch (errno) {
            case Errno.E2BIG ->
                "the table is full, it holds "
                        + Integer.toUnsignedString(spec.maxEntries())
                        + " entries or the key is beyond its end: give it more in the C text, or use an LRU table";
            case Errno.EPERM, Errno.EACCES -> Privileges.explainEperm("use a map", errno);
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

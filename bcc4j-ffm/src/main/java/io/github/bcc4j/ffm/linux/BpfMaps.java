package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * The commands of bpf(2) on maps. Results, memory and threads as with {@link Bpf}.
 *
 * <p>Source: bpf(2) and {@code union bpf_attr} in the kernel's {@code include/uapi/linux/bpf.h}.
 */
public final class BpfMaps {
    private BpfMaps() {}

    private static final int CREATE = 0;
    private static final int LOOKUP_ELEM = 1;
    private static final int UPDATE_ELEM = 2;
    private static final int DELETE_ELEM = 3;
    private static final int GET_NEXT_KEY = 4;
    private static final int LOOKUP_AND_DELETE_ELEM = 21;
    private static final int FREEZE = 22;
    private static final int LOOKUP_BATCH = 24;
    private static final int LOOKUP_AND_DELETE_BATCH = 25;
    private static final int UPDATE_BATCH = 26;
    private static final int DELETE_BATCH = 27;

    /**
     * What a new map is to be.
     *
     * @param name its name; the kernel keeps 15 bytes
     * @param type {@code BPF_MAP_TYPE_}
     * @param keySize bytes of a key
     * @param valueSize bytes of a value, of one CPU in a per-CPU map
     * @param maxEntries its capacity
     * @param flags {@code BPF_F_}
     * @param innerMapFd the template of a map of maps, else 0
     * @param btfFd a loaded BTF, else 0
     * @param btfKeyTypeId the key's type in it, else 0
     * @param btfValueTypeId the value's type in it, else 0
     */
    public record Attr(
            String name,
            int type,
            int keySize,
            int valueSize,
            int maxEntries,
            int flags,
            int innerMapFd,
            int btfFd,
            int btfKeyTypeId,
            int btfValueTypeId) {}

    /**
     * {@code BPF_MAP_CREATE}.
     *
     * @param map what to create
     * @return its descriptor or a negative errno
     */
    public static int create(Attr map) {
        MemorySegment a = Bpf.attr();
        a.set(JAVA_INT, 0, map.type);
        a.set(JAVA_INT, 4, map.keySize);
        a.set(JAVA_INT, 8, map.valueSize);
        a.set(JAVA_INT, 12, map.maxEntries);
        a.set(JAVA_INT, 16, map.flags);
        a.set(JAVA_INT, 20, map.innerMapFd);
        Bpf.name(a, 28, map.name);
        a.set(JAVA_INT, 48, map.btfFd);
        a.set(JAVA_INT, 52, map.btfKeyTypeId);
        a.set(JAVA_INT, 56, map.btfValueTypeId);
        return Bpf.bpf(CREATE, a, 72);
    }

    private static int element(int command, int fd, MemorySegment key, MemorySegment value, long flags) {
        MemorySegment a = Bpf.ATTR.get(); // all that the kernel looks at is set, so nothing needs clearing before
        a.set(JAVA_LONG, 0, fd);
        a.set(JAVA_LONG, 8, key.address());
        a.set(JAVA_LONG, 16, value.address());
        a.set(JAVA_LONG, 24, flags);
        return Bpf.bpf(command, a, 32);
    }

    /**
     * {@code BPF_MAP_LOOKUP_ELEM}.
     *
     * @param fd the map
     * @param key the key; {@link MemorySegment#NULL} for a queue or stack
     * @param value receives the value; for a per-CPU map, one of 8-byte-rounded size for every possible CPU
     * @return 0 or a negative errno
     */
    public static int lookup(int fd, MemorySegment key, MemorySegment value) {
        return element(LOOKUP_ELEM, fd, key, value, 0);
    }

    /**
     * {@code BPF_MAP_LOOKUP_AND_DELETE_ELEM}; hash maps since Linux 5.14, queues and stacks since 4.20.
     *
     * @param fd the map
     * @param key the key; {@link MemorySegment#NULL} for a queue or stack
     * @param value receives the value
     * @return 0 or a negative errno
     */
    public static int lookupAndDelete(int fd, MemorySegment key, MemorySegment value) {
        return element(LOOKUP_AND_DELETE_ELEM, fd, key, value, 0);
    }

    /**
     * {@code BPF_MAP_UPDATE_ELEM}.
     *
     * @param fd the map
     * @param key the key; {@link MemorySegment#NULL} for a queue or stack
     * @param value the value
     * @param flags 0 any, 1 only if absent, 2 only if present
     * @return 0 or a negative errno
     */
    public static int update(int fd, MemorySegment key, MemorySegment value, long flags) {
        return element(UPDATE_ELEM, fd, key, value, flags);
    }

    /**
     * {@code BPF_MAP_DELETE_ELEM}.
     *
     * @param fd the map
     * @param key the key
     * @return 0 or a negative errno
     */
    public static int delete(int fd, MemorySegment key) {
        return element(DELETE_ELEM, fd, key, MemorySegment.NULL, 0);
    }

    /**
     * {@code BPF_MAP_GET_NEXT_KEY}.
     *
     * @param fd the map
     * @param key where to go on; {@link MemorySegment#NULL} for the first key
     * @param next receives the key after it
     * @return 0, or -ENOENT after the last key, or another negative errno
     */
    public static int nextKey(int fd, MemorySegment key, MemorySegment next) {
        return element(GET_NEXT_KEY, fd, key, next, 0);
    }

    private static int batch(
            int command,
            int fd,
            MemorySegment in,
            MemorySegment out,
            MemorySegment keys,
            MemorySegment values,
            MemorySegment count) {
        MemorySegment a = Bpf.attr();
        a.set(JAVA_LONG, 0, in.address());
        a.set(JAVA_LONG, 8, out.address());
        a.set(JAVA_LONG, 16, keys.address());
        a.set(JAVA_LONG, 24, values.address());
        a.set(JAVA_INT, 32, count.get(JAVA_INT, 0));
        a.set(JAVA_INT, 36, fd);
        int result = Bpf.bpf(command, a, 56);
        count.set(JAVA_INT, 0, a.get(JAVA_INT, 32));
        return result;
    }

    /**
     * {@code BPF_MAP_LOOKUP_BATCH}, since Linux 5.6.
     *
     * @param fd the map
     * @param in where to go on, as {@code out} of the call before; {@link MemorySegment#NULL} to begin
     * @param out receives where to go on; of the key's size and at least 4 bytes
     * @param keys receives the keys
     * @param values receives the values
     * @param count an int: room in, entries out
     * @return 0 if there may be more, -ENOENT when these were the last, or another negative errno
     */
    public static int lookupBatch(
            int fd,
            MemorySegment in,
            MemorySegment out,
            MemorySegment keys,
            MemorySegment values,
            MemorySegment count) {
        return batch(LOOKUP_BATCH, fd, in, out, keys, values, count);
    }

    /**
     * {@code BPF_MAP_LOOKUP_AND_DELETE_BATCH}, since Linux 5.6.
     *
     * @param fd the map
     * @param in where to go on; {@link MemorySegment#NULL} to begin
     * @param out receives where to go on
     * @param keys receives the keys
     * @param values receives the values
     * @param count an int: room in, entries out
     * @return as {@link #lookupBatch}
     */
    public static int lookupAndDeleteBatch(
            int fd,
            MemorySegment in,
            MemorySegment out,
            MemorySegment keys,
            MemorySegment values,
            MemorySegment count) {
        return batch(LOOKUP_AND_DELETE_BATCH, fd, in, out, keys, values, count);
    }

    /**
     * {@code BPF_MAP_UPDATE_BATCH}, since Linux 5.6.
     *
     * @param fd the map
     * @param keys the keys
     * @param values the values
     * @param count an int: entries in, entries done out
     * @return 0 or a negative errno
     */
    public static int updateBatch(int fd, MemorySegment keys, MemorySegment values, MemorySegment count) {
        return batch(UPDATE_BATCH, fd, MemorySegment.NULL, MemorySegment.NULL, keys, values, count);
    }

    /**
     * {@code BPF_MAP_DELETE_BATCH}, since Linux 5.6.
     *
     * @param fd the map
     * @param keys the keys
     * @param count an int: keys in, keys done out
     * @return 0 or a negative errno
     */
    public static int deleteBatch(int fd, MemorySegment keys, MemorySegment count) {
        return batch(DELETE_BATCH, fd, MemorySegment.NULL, MemorySegment.NULL, keys, MemorySegment.NULL, count);
    }

    /**
     * {@code BPF_MAP_FREEZE}, since Linux 5.2: no system call can change the map any more, programs still can.
     *
     * @param fd the map
     * @return 0 or a negative errno
     */
    public static int freeze(int fd) {
        MemorySegment a = Bpf.attr();
        a.set(JAVA_INT, 0, fd);
        return Bpf.bpf(FREEZE, a, 4);
    }
}

package io.github.bcc4j.table;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Cidr;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A map of the kernel, and what is known of its types: ask it for the table that it is. {@code BPF} does so for the maps of a C text;
 * here is the way to those that others have made:
 *
 * {@snippet :
 * try (BpfMap map = BpfMap.open(Path.of("/sys/fs/bpf/counts"))) {
 *     Map<Integer, Long> counts = map.hash(Integer.class, Long.class);
 * }
 * }
 *
 * <p>Thread-safe. Tables are usable until this is closed; then every call is an {@link IllegalStateException}.
 */
public final class BpfMap implements AutoCloseable {
    private static final List<String> METHODS = List.of(
            "",
            "hash",
            "array",
            "programArray",
            "perfBuffer",
            "perCpuHash",
            "perCpuArray",
            "stackTraces",
            "cgroupArray",
            "hash",
            "perCpuHash",
            "hash",
            "arrayOfMaps",
            "hashOfMaps",
            "deviceMap",
            "socketMap",
            "cpuMap",
            "xskMap",
            "socketHash",
            "hash",
            "",
            "perCpuHash",
            "queue",
            "stack",
            "socketStorage",
            "deviceMap",
            "",
            "ringBuffer",
            "inodeStorage",
            "taskStorage");

    private final KernelMap map;
    private final Btf btf;

    private BpfMap(KernelMap map, Btf btf) {
        this.map = map;
        this.btf = btf;
    }

    /**
     * A map with its types.
     *
     * @param map the map
     * @param btf the types that its specification refers to
     * @return the pair; closing it closes the map
     */
    public static BpfMap of(KernelMap map, Btf btf) {
        return new BpfMap(map, btf);
    }

    /**
     * Opens a map that is pinned. Its types are those the kernel knows; where it knows none, keys and values are numbers or bytes.
     *
     * @param pinned a file of a bpf file system
     * @return the open map, to be closed
     * @throws BpfSyscallException if there is no map, or this process may not open it
     */
    public static BpfMap open(Path pinned) {
        return OpenedMaps.open(pinned);
    }

    /**
     * Opens a map by its id, as bpftool lists them. Needs {@code CAP_SYS_ADMIN}.
     *
     * @param id the kernel's number
     * @return the open map, to be closed
     * @throws BpfSyscallException if there is no such map, or this process may not open it
     */
    public static BpfMap open(int id) {
        return OpenedMaps.open(id);
    }

    /**
     * What the map is.
     *
     * @return its name, type and sizes
     */
    public MapSpec spec() {
        return map.spec();
    }

    /**
     * Its number in the kernel.
     *
     * @return as bpftool lists it
     * @throws BpfSyscallException before Linux 4.13
     */
    public int id() {
        return OpenedMaps.id(map);
    }

    /**
     * The map as bytes, for what no table offers.
     *
     * @return the same map
     */
    public KernelMap bytes() {
        return map;
    }

    /**
     * Its map, if it is of one of the types.
     *
     * @param wanted what it should be, with an article
     * @param types {@code BPF_MAP_TYPE_}
     * @return the map
     * @throws IllegalArgumentException if it is something else, with the method for that
     */
    public KernelMap as(String wanted, int... types) {
        int type = spec().type();
        if (IntStream.of(types).noneMatch(t -> t == type)) {
            String method = type < METHODS.size() ? METHODS.get(type) : "";
            throw new IllegalArgumentException("table \"" + map.name() + "\" is " + BpfTable.withArticle(type)
                    + ", not " + wanted + (method.isEmpty() ? "" : ": use " + method + "()"));
        }
        return map;
    }

    /**
     * A table of keys and values without Java types: numbers, texts, lists and maps.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is no table of keys and values, with what it is
     */
    public BpfTable<?, ?> table() {
        return switch (spec().type()) {
            case 2 -> array(Object.class);
            case 5, 10, 21 -> perCpuHash(Object.class, Object.class);
            case 6 -> perCpuArray(Object.class);
            case 14, 25 -> deviceMap();
            case 16 -> cpuMap();
            default -> BpfHash.of(as("a table of keys and values", 1, 9, 11, 19), btf, Object.class, Object.class);
        };
    }

    /**
     * A {@code BPF_HISTOGRAM} with plain slots.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is neither an array nor a hash
     */
    public BpfHistogram<Void> histogram() {
        return BpfHistogram.of(as("a histogram", 1, 2, 9), btf);
    }

    /**
     * A {@code BPF_HISTOGRAM} for each value of a key: its own key is a struct of a key and a slot.
     *
     * @param key the Java type of the key beside the slot
     * @param <K> the key type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     */
    public <K> BpfHistogram<K> histogram(Class<K> key) {
        return BpfHistogram.of(as("a histogram with keys", 1, 9), btf, key);
    }

    /**
     * A {@code BPF_HASH} and its relatives: LRU hashes, tries with keys of any kind, storage of cgroups.
     *
     * @param key the key's Java type
     * @param value the value's Java type
     * @param <K> the key type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java types do not fit the C types
     * @throws IllegalArgumentException if it is not a hash, with what it is
     */
    public <K, V> BpfHash<K, V> hash(Class<K> key, Class<V> value) {
        return BpfHash.of(as("a hash", 1, 9, 11, 19), btf, key, value);
    }

    /**
     * A {@code BPF_ARRAY}.
     *
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not an array, with what it is
     */
    public <V> BpfArray<V> array(Class<V> value) {
        return BpfArray.of(as("an array", 2), btf, value);
    }

    /**
     * A per-CPU hash: every value is a list with one for each possible CPU.
     *
     * @param key the key's Java type
     * @param value the Java type of one CPU's value
     * @param <K> the key type
     * @param <V> the type of one CPU's value
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java types do not fit the C types
     * @throws IllegalArgumentException if it is not a per-CPU hash, with what it is
     */
    public <K, V> BpfHash<K, List<V>> perCpuHash(Class<K> key, Class<V> value) {
        return BpfHash.perCpu(as("a per-CPU hash", 5, 10, 21), btf, key, value);
    }

    /**
     * A per-CPU array: every value is a list with one for each possible CPU.
     *
     * @param value the Java type of one CPU's value
     * @param <V> the type of one CPU's value
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a per-CPU array, with what it is
     */
    public <V> BpfArray<List<V>> perCpuArray(Class<V> value) {
        return BpfArray.perCpu(as("a per-CPU array", 6), btf, value);
    }

    /**
     * A {@code BPF_LPM_TRIE} of IP addresses. Its {@code get} gives the value of the longest prefix that covers the key: {@code
     * get(Cidr.of(address))}. To go through it needs Linux 4.16.
     *
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not an LPM trie, with what it is
     */
    public <V> BpfHash<Cidr, V> lpmTrie(Class<V> value) {
        return BpfHash.of(as("an LPM trie", 11), btf, Cidr.class, value);
    }

    /**
     * A {@code BPF_QUEUE}: first in, first out.
     *
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a queue, with what it is
     */
    public <V> BpfQueue<V> queue(Class<V> value) {
        return BpfQueue.of(as("a queue", 22), btf, value);
    }

    /**
     * A {@code BPF_STACK}: last in, first out.
     *
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a stack, with what it is
     */
    public <V> BpfQueue<V> stack(Class<V> value) {
        return BpfQueue.of(as("a stack", 23), btf, value);
    }

    /**
     * A {@code BPF_STACK_TRACE} or {@code BPF_STACK_TRACE_BUILDID}.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a stack trace map, with what it is
     */
    public BpfStackTraces stackTraces() {
        return BpfStackTraces.of(as("a stack trace map", 7));
    }

    /**
     * Starts counters that programs read from a {@code BPF_PERF_ARRAY}.
     *
     * @param event what to count; the period does not matter
     * @return running counters, to be closed
     * @throws IllegalArgumentException if it is not a perf event array, with what it is
     */
    public BpfCounters counters(PerfEventSpec event) {
        return BpfCounters.open(as("a perf event array", 4), event);
    }

    /**
     * A {@code BPF_CGROUP_ARRAY}: cgroups by their folder in a cgroup2 file system.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a cgroup array, with what it is
     */
    public BpfObjectMap<Integer, Path> cgroupArray() {
        return BpfObjectMap.of(as("a cgroup array", 8), btf, Integer.class, Descriptors::path);
    }

    /**
     * A {@code BPF_ARRAY_OF_MAPS}: tables of the shape of its template.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not an array of maps, with what it is
     */
    public BpfObjectMap<Integer, BpfTable<?, ?>> arrayOfMaps() {
        return BpfObjectMap.of(as("an array of maps", 12), btf, Integer.class, Descriptors::table);
    }

    /**
     * A {@code BPF_HASH_OF_MAPS}: tables of the shape of its template.
     *
     * @param key the key's Java type
     * @param <K> the key type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a hash of maps, with what it is
     */
    public <K> BpfObjectMap<K, BpfTable<?, ?>> hashOfMaps(Class<K> key) {
        return BpfObjectMap.of(as("a hash of maps", 13), btf, key, Descriptors::table);
    }

    /**
     * A {@code BPF_DEVMAP}: network devices' indexes by number. Kernel floor: 4.14.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a devmap, with what it is
     */
    public BpfHash<Integer, Integer> deviceMap() {
        return BpfHash.of(as("a devmap", 14, 25), btf, Integer.class, Integer.class);
    }

    /**
     * A {@code BPF_CPUMAP}: how many packets may wait for each CPU, by CPU. Kernel floor: 4.15.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a cpumap, with what it is
     */
    public BpfHash<Integer, Integer> cpuMap() {
        return BpfHash.of(as("a cpumap", 16), btf, Integer.class, Integer.class);
    }

    /**
     * A {@code BPF_XSKMAP}: AF_XDP sockets' descriptors by number.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not an xskmap, with what it is
     */
    public BpfObjectMap<Integer, Integer> xskMap() {
        return BpfObjectMap.of(as("an xskmap", 17), btf, Integer.class, Descriptors::number);
    }

    /**
     * A {@code BPF_SOCKMAP}: sockets' descriptors by number.
     *
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a sockmap, with what it is
     */
    public BpfObjectMap<Integer, Integer> socketMap() {
        return BpfObjectMap.of(as("a sockmap", 15), btf, Integer.class, Descriptors::number);
    }

    /**
     * A {@code BPF_SOCKHASH}: sockets' descriptors by key.
     *
     * @param key the key's Java type
     * @param <K> the key type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a sockhash, with what it is
     */
    public <K> BpfObjectMap<K, Integer> socketHash(Class<K> key) {
        return BpfObjectMap.of(as("a sockhash", 18), btf, key, Descriptors::number);
    }

    /**
     * A {@code BPF_SK_STORAGE}: values of sockets, asked for by the socket's descriptor.
     *
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not an sk storage, with what it is
     */
    public <V> BpfStorage<Integer, V> socketStorage(Class<V> value) {
        return BpfStorage.of(as("an sk storage", 24), btf, value, Descriptors::number);
    }

    /**
     * A {@code BPF_INODE_STORAGE}: values of files, asked for by path.
     *
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not an inode storage, with what it is
     */
    public <V> BpfStorage<Path, V> inodeStorage(Class<V> value) {
        return BpfStorage.of(as("an inode storage", 28), btf, value, Descriptors::path);
    }

    /**
     * A {@code BPF_TASK_STORAGE}: values of processes' first threads, asked for by process id.
     *
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a task storage, with what it is
     */
    public <V> BpfStorage<Integer, V> taskStorage(Class<V> value) {
        return BpfStorage.of(as("a task storage", 29), btf, value, Descriptors::process);
    }

    /** Closes the descriptor; the kernel keeps the map while others use it. Closing again does nothing. */
    @Override
    public void close() {
        map.close();
    }

    @Override
    public String toString() {
        return map.toString();
    }
}

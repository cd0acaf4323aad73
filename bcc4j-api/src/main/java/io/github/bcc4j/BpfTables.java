package io.github.bcc4j;

import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfCounters;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.table.BpfMap;
import io.github.bcc4j.table.BpfObjectMap;
import io.github.bcc4j.table.BpfQueue;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.table.BpfStorage;
import io.github.bcc4j.table.BpfTable;
import io.github.bcc4j.table.KernelMap;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Cidr;
import io.github.bcc4j.type.Codecs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The part of {@link BPF} that is tables: the module's maps by name and family. */
abstract sealed class BpfTables permits BpfData {
    final CompiledModule module;
    final Loader loader;
    private final Btf btf;
    private boolean closed;

    BpfTables(CompiledModule module, List<? extends BpfTables> lenders) {
        this.module = module;
        this.btf = Btf.parse(module.btf());
        this.loader = new Loader(module, lenders);
    }

    /** The types that a map's specification refers to. */
    final Btf types(KernelMap map) {
        return loader.borrowedTypes(map).orElse(btf);
    }

    /**
     * What was loaded.
     *
     * @return the compiled form
     */
    public CompiledModule module() {
        return module;
    }

    /**
     * The maps of the C text.
     *
     * @return by name, in the order they were made
     */
    public Map<String, MapSpec> maps() {
        Map<String, MapSpec> maps = new LinkedHashMap<>();
        module.maps().forEach(m -> maps.put(m.name(), m));
        return maps;
    }

    final BpfMap map(String name) {
        checkOpen();
        KernelMap map = loader.maps().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the C text has no table \"" + name + "\"; it has "
                        + names(module.maps().stream().map(MapSpec::name).toList())));
        return BpfMap.of(map, types(map));
    }

    /**
     * A table without Java types: numbers, texts, lists and maps, as {@link Codecs#natural} gives them.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is no table of keys and values
     */
    public BpfTable<?, ?> table(String name) {
        return map(name).table();
    }

    /**
     * A {@code BPF_HISTOGRAM} with plain slots.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     */
    public BpfHistogram<Void> histogram(String name) {
        return map(name).histogram();
    }

    /**
     * A {@code BPF_HISTOGRAM} for each value of a key: its own key is a struct of a key and a slot.
     *
     * @param name the table's name in the C text
     * @param key the Java type of the key beside the slot
     * @param <K> the key type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     */
    public <K> BpfHistogram<K> histogram(String name, Class<K> key) {
        return map(name).histogram(key);
    }

    /**
     * A {@code BPF_HASH} and its relatives: LRU hashes, tries with keys of any kind, storage of cgroups.
     *
     * @param name the table's name in the C text
     * @param key the key's Java type
     * @param value the value's Java type
     * @param <K> the key type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java types do not fit the C types
     * @throws IllegalArgumentException if it is not a hash, with what it is
     */
    public <K, V> BpfHash<K, V> hash(String name, Class<K> key, Class<V> value) {
        return map(name).hash(key, value);
    }

    /**
     * A {@code BPF_ARRAY}.
     *
     * @param name the table's name in the C text
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not an array, with what it is
     */
    public <V> BpfArray<V> array(String name, Class<V> value) {
        return map(name).array(value);
    }

    /**
     * A per-CPU hash: every value is a list with one for each possible CPU.
     *
     * @param name the table's name in the C text
     * @param key the key's Java type
     * @param value the Java type of one CPU's value
     * @param <K> the key type
     * @param <V> the type of one CPU's value
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java types do not fit the C types
     * @throws IllegalArgumentException if it is not a per-CPU hash, with what it is
     */
    public <K, V> BpfHash<K, List<V>> perCpuHash(String name, Class<K> key, Class<V> value) {
        return map(name).perCpuHash(key, value);
    }

    /**
     * A per-CPU array: every value is a list with one for each possible CPU.
     *
     * @param name the table's name in the C text
     * @param value the Java type of one CPU's value
     * @param <V> the type of one CPU's value
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a per-CPU array, with what it is
     */
    public <V> BpfArray<List<V>> perCpuArray(String name, Class<V> value) {
        return map(name).perCpuArray(value);
    }

    /**
     * A {@code BPF_LPM_TRIE} of IP addresses. Its {@code get} gives the value of the longest prefix that covers the key: {@code
     * get(Cidr.of(address))}. To go through it needs Linux 4.16.
     *
     * @param name the table's name in the C text
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not an LPM trie, with what it is
     */
    public <V> BpfHash<Cidr, V> lpmTrie(String name, Class<V> value) {
        return map(name).lpmTrie(value);
    }

    /**
     * A {@code BPF_QUEUE}: first in, first out.
     *
     * @param name the table's name in the C text
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a queue, with what it is
     */
    public <V> BpfQueue<V> queue(String name, Class<V> value) {
        return map(name).queue(value);
    }

    /**
     * A {@code BPF_STACK}: last in, first out.
     *
     * @param name the table's name in the C text
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a stack, with what it is
     */
    public <V> BpfQueue<V> stack(String name, Class<V> value) {
        return map(name).stack(value);
    }

    /**
     * A {@code BPF_STACK_TRACE} or {@code BPF_STACK_TRACE_BUILDID}.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a stack trace map, with what it is
     */
    public BpfStackTraces stackTraces(String name) {
        return map(name).stackTraces();
    }

    /**
     * Starts counters that programs read from a {@code BPF_PERF_ARRAY}.
     *
     * @param name the table's name in the C text
     * @param event what to count; the period does not matter
     * @return running counters, to be closed
     * @throws IllegalArgumentException if it is not a perf event array, with what it is
     */
    public BpfCounters counters(String name, PerfEventSpec event) {
        return map(name).counters(event);
    }

    /**
     * A {@code BPF_CGROUP_ARRAY}: cgroups by their folder in a cgroup2 file system.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a cgroup array, with what it is
     */
    public BpfObjectMap<Integer, Path> cgroupArray(String name) {
        return map(name).cgroupArray();
    }

    /**
     * A {@code BPF_ARRAY_OF_MAPS}: tables of the shape of its template.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not an array of maps, with what it is
     */
    public BpfObjectMap<Integer, BpfTable<?, ?>> arrayOfMaps(String name) {
        return map(name).arrayOfMaps();
    }

    /**
     * A {@code BPF_HASH_OF_MAPS}: tables of the shape of its template.
     *
     * @param name the table's name in the C text
     * @param key the key's Java type
     * @param <K> the key type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a hash of maps, with what it is
     */
    public <K> BpfObjectMap<K, BpfTable<?, ?>> hashOfMaps(String name, Class<K> key) {
        return map(name).hashOfMaps(key);
    }

    /**
     * A {@code BPF_DEVMAP}: network devices' indexes by number. Kernel floor: 4.14.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a devmap, with what it is
     */
    public BpfHash<Integer, Integer> deviceMap(String name) {
        return map(name).deviceMap();
    }

    /**
     * A {@code BPF_CPUMAP}: how many packets may wait for each CPU, by CPU. Kernel floor: 4.15.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a cpumap, with what it is
     */
    public BpfHash<Integer, Integer> cpuMap(String name) {
        return map(name).cpuMap();
    }

    /**
     * A {@code BPF_XSKMAP}: AF_XDP sockets' descriptors by number.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not an xskmap, with what it is
     */
    public BpfObjectMap<Integer, Integer> xskMap(String name) {
        return map(name).xskMap();
    }

    /**
     * A {@code BPF_SOCKMAP}: sockets' descriptors by number.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a sockmap, with what it is
     */
    public BpfObjectMap<Integer, Integer> socketMap(String name) {
        return map(name).socketMap();
    }

    /**
     * A {@code BPF_SOCKHASH}: sockets' descriptors by key.
     *
     * @param name the table's name in the C text
     * @param key the key's Java type
     * @param <K> the key type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a sockhash, with what it is
     */
    public <K> BpfObjectMap<K, Integer> socketHash(String name, Class<K> key) {
        return map(name).socketHash(key);
    }

    /**
     * A {@code BPF_SK_STORAGE}: values of sockets, asked for by the socket's descriptor.
     *
     * @param name the table's name in the C text
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not an sk storage, with what it is
     */
    public <V> BpfStorage<Integer, V> socketStorage(String name, Class<V> value) {
        return map(name).socketStorage(value);
    }

    /**
     * A {@code BPF_INODE_STORAGE}: values of files, asked for by path.
     *
     * @param name the table's name in the C text
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not an inode storage, with what it is
     */
    public <V> BpfStorage<Path, V> inodeStorage(String name, Class<V> value) {
        return map(name).inodeStorage(value);
    }

    /**
     * A {@code BPF_TASK_STORAGE}: values of processes' first threads, asked for by process id.
     *
     * @param name the table's name in the C text
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalArgumentException if it is not a task storage, with what it is
     */
    public <V> BpfStorage<Integer, V> taskStorage(String name, Class<V> value) {
        return map(name).taskStorage(value);
    }

    /**
     * A {@code BPF_PROG_ARRAY}: programs that others call into by {@code name.call(ctx, index)}. Put in programs of the type of the
     * caller, from {@link BPF#program}.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is not a prog array, with what it is
     */
    public BpfObjectMap<Integer, BpfProgram> programArray(String name) {
        return BpfObjectMap.of(
                map(name).as("a prog array", 3),
                btf,
                Integer.class,
                (program, call) -> program.fd().call(call));
    }

    static String names(List<String> names) {
        return names.isEmpty() ? "none" : names.stream().sorted().collect(Collectors.joining(", "));
    }

    final synchronized void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this BPF is closed");
        }
    }

    /** Whether this was the first to close it. */
    final synchronized boolean markClosed() {
        boolean first = !closed;
        closed = true;
        return first;
    }
}

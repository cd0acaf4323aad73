package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.MapLayouts;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A map whose values are objects of the kernel: programs to call, maps, cgroups, sockets. An object that is put in stays in the kernel
 * while it is there, also if Java closes it. What comes out is not the object but its id, and only for programs and maps.
 *
 * <p>Thread-safe. Kernel floor: 4.2 for programs, 4.8 for cgroups, 4.12 for maps, 4.14 for sockets by index, 4.18 for sockets by key and
 * for XDP sockets.
 *
 * @param <K> the key type
 * @param <T> what stands for an object in Java
 */
public final class BpfObjectMap<K, T> {
    private final KernelMap map;
    private final Codec<K> keys;
    private final Descriptor<T> descriptor;

    private BpfObjectMap(KernelMap map, Codec<K> keys, Descriptor<T> descriptor) {
        this.map = map;
        this.keys = keys;
        this.descriptor = descriptor;
    }

    /**
     * A view of a map.
     *
     * @param map the map
     * @param btf the program's types
     * @param key the key's Java type
     * @param descriptor how to get at the objects
     * @param <K> the key type
     * @param <T> what stands for an object in Java
     * @return the view
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit
     */
    public static <K, T> BpfObjectMap<K, T> of(KernelMap map, Btf btf, Class<K> key, Descriptor<T> descriptor) {
        return new BpfObjectMap<>(
                map, Codecs.bind(key, MapLayouts.key(map.spec(), btf), "key of \"" + map.name() + '"'), descriptor);
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
     * How many objects it can hold.
     *
     * @return as the kernel counts, unsigned
     */
    public long maxEntries() {
        return Integer.toUnsignedLong(map.spec().maxEntries());
    }

    /**
     * Puts an object in the place of a key.
     *
     * @param key the key
     * @param object the object
     * @throws io.github.bcc4j.BpfSyscallException if the key is beyond the end ({@code E2BIG}), the object is of another kind ({@code
     *     EBADF}), or does not fit what is in the map, or the map's template ({@code EINVAL})
     */
    public void put(K key, T object) {
        descriptor.with(object, fd -> {
            try (Scratch scratch = Scratch.take(map)) {
                keys.write(scratch.key(), 0, key);
                scratch.value().set(JAVA_INT, 0, fd);
                map.put(scratch.key(), scratch.value(), 0);
            }
            return 0;
        });
    }

    /**
     * Takes the object of a key out.
     *
     * @param key the key
     * @return whether there was one
     */
    public boolean remove(K key) {
        try (Scratch scratch = Scratch.take(map)) {
            keys.write(scratch.key(), 0, key);
            return map.delete(scratch.key());
        }
    }

    /**
     * The kernel's id of a program or map.
     *
     * @param key its key
     * @return the id, empty if the key has none
     * @throws io.github.bcc4j.BpfSyscallException if the objects are no programs or maps
     */
    public Optional<Integer> id(K key) {
        try (Scratch scratch = Scratch.take(map)) {
            keys.write(scratch.key(), 0, key);
            return map.lookup(scratch.key(), scratch.value())
                    ? Optional.of(scratch.value().get(JAVA_INT, 0))
                    : Optional.empty();
        }
    }

    /**
     * The kernel's ids of the programs or maps.
     *
     * @return by key, those that there are
     * @throws io.github.bcc4j.BpfSyscallException if the objects are no programs or maps
     */
    public Snapshot<K, Integer> ids() {
        try (Arena arena = Arena.ofConfined()) {
            BatchReader reader = new BatchReader(map, false, arena);
            Map<K, Integer> ids = new LinkedHashMap<>();
            for (int n; (n = reader.next()) > 0; ) {
                for (int i = 0; i < n; i++) {
                    ids.put(
                            keys.read(reader.keys(), i * keys.size()),
                            reader.values().getAtIndex(JAVA_INT, i));
                }
            }
            return new Snapshot<>(ids, reader.isComplete());
        }
    }

    @Override
    public String toString() {
        return map.toString();
    }
}

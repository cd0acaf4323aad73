package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.MapLayouts;
import java.util.Optional;

/**
 * Values that the kernel keeps with its objects, and drops with them: of sockets (kernel floor 5.2), inodes (5.10) or processes (5.11).
 * They are asked for by object; there is no going through them. Thread-safe.
 *
 * @param <T> what stands for an object in Java: a process id, a path, a socket's descriptor
 * @param <V> the value type
 */
public final class BpfStorage<T, V> {
    private static final long NEW_ONLY = 1;

    private final KernelMap map;
    private final Codec<V> values;
    private final Descriptor<T> descriptor;

    private BpfStorage(KernelMap map, Codec<V> values, Descriptor<T> descriptor) {
        this.map = map;
        this.values = values;
        this.descriptor = descriptor;
    }

    static <T, V> BpfStorage<T, V> of(KernelMap map, Btf btf, Class<V> value, Descriptor<T> descriptor) {
        return new BpfStorage<>(
                map,
                Codecs.bind(value, MapLayouts.value(map.spec(), btf), "value of \"" + map.name() + '"'),
                descriptor);
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
     * An object's value.
     *
     * @param object the object
     * @return its value, empty if it has none
     * @throws io.github.bcc4j.BpfSyscallException if there is no such object, or of another kind ({@code EBADF})
     */
    public Optional<V> get(T object) {
        try (Scratch scratch = Scratch.take(map)) {
            return descriptor.with(object, fd -> {
                                scratch.key().set(JAVA_INT, 0, fd);
                                return map.lookup(scratch.key(), scratch.value()) ? 1 : 0;
                            })
                            == 1
                    ? Optional.of(values.read(scratch.value(), 0))
                    : Optional.empty();
        }
    }

    /**
     * Sets an object's value.
     *
     * @param object the object
     * @param value its value
     * @throws io.github.bcc4j.BpfSyscallException if there is no such object, or of another kind ({@code EBADF})
     */
    public void set(T object, V value) {
        set(object, value, 0);
    }

    /**
     * Sets an object's value if it has none.
     *
     * @param object the object
     * @param value its value
     * @return whether it was set
     * @throws io.github.bcc4j.BpfSyscallException if there is no such object, or of another kind ({@code EBADF})
     */
    public boolean setIfAbsent(T object, V value) {
        return set(object, value, NEW_ONLY);
    }

    private boolean set(T object, V value, long flags) {
        try (Scratch scratch = Scratch.take(map)) {
            values.write(scratch.value(), 0, value);
            return descriptor.with(object, fd -> {
                        scratch.key().set(JAVA_INT, 0, fd);
                        return map.update(scratch.key(), scratch.value(), flags) ? 1 : 0;
                    })
                    == 1;
        }
    }

    /**
     * Drops an object's value.
     *
     * @param object the object
     * @return whether it had one
     * @throws io.github.bcc4j.BpfSyscallException if there is no such object, or of another kind ({@code EBADF})
     */
    public boolean remove(T object) {
        try (Scratch scratch = Scratch.take(map)) {
            return descriptor.with(object, fd -> {
                        scratch.key().set(JAVA_INT, 0, fd);
                        return map.delete(scratch.key()) ? 1 : 0;
                    })
                    == 1;
        }
    }

    @Override
    public String toString() {
        return map.toString();
    }
}

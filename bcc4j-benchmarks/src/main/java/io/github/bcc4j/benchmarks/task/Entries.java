package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.benchmarks.Texts;
import io.github.bcc4j.compile.CompilerOptions;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The entries i → 3 i that hashes are filled with, made as they are asked for: a map of Java's own would cost more than the kernel's. */
final class Entries extends AbstractMap<Long, Long> {
    private final int size;

    Entries(int size) {
        this.size = size;
    }

    /** A hash that has room for so many, empty. */
    static BPF hash(int size) {
        return BPF.fromSource(Texts.bpf("hash"), CompilerOptions.DEFAULT.define("ENTRIES", size));
    }

    List<Long> keys() {
        return new AbstractList<>() {
            @Override
            public Long get(int index) {
                return (long) index;
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Override
    public Set<Map.Entry<Long, Long>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<Long, Long>> iterator() {
                return keys().stream().map(i -> Map.entry(i, 3 * i)).iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}

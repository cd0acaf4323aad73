package io.github.bcc4j.table;

import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Layout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A value for each possible CPU in the order of their numbers, each at a multiple of 8 bytes, as the kernel hands them over. */
record PerCpuCodec<V>(Codec<V> one, long stride, int cpus) implements Codec<List<V>> {
    static <V> PerCpuCodec<V> of(Codec<V> one) {
        return new PerCpuCodec<>(
                one, Math.ceilDiv(one.size(), 8) * 8, Cpus.possible().cardinality());
    }

    @Override
    public Layout layout() {
        return one.layout();
    }

    @Override
    public long size() {
        return stride * cpus;
    }

    @Override
    public List<V> read(MemorySegment memory, long offset) {
        List<V> values = new ArrayList<>(cpus);
        for (int cpu = 0; cpu < cpus; cpu++) {
            values.add(one.read(memory, offset + cpu * stride));
        }
        return values;
    }

    @Override
    public void write(MemorySegment memory, long offset, List<V> values) {
        if (values.size() != cpus) {
            throw new IllegalArgumentException(
                    "a value for each of " + cpus + " possible CPUs is needed, not " + values.size());
        }
        for (int cpu = 0; cpu < cpus; cpu++) {
            one.write(memory, offset + cpu * stride, values.get(cpu));
        }
    }
}

package io.github.bcc4j.benchmarks.jmh;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfHash;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Reads and sets one entry of a hash: a system call and what is around it. */
public class HashEntry extends Micro {
    private BPF bpf;
    private BpfHash<Long, Long> table;

    /** For JMH. */
    public HashEntry() {}

    /** Makes a hash of one entry. */
    @Setup
    public void open() {
        bpf = BPF.fromSource("BPF_HASH(t, u64, u64);");
        table = bpf.hash("t", Long.class, Long.class);
        table.set(1L, 2L);
    }

    /** Closes it. */
    @TearDown
    public void close() {
        bpf.close();
    }

    /**
     * Looks the entry up.
     *
     * @return its value
     */
    @Benchmark
    public Long get() {
        return table.get(1L);
    }

    /** Sets the entry. */
    @Benchmark
    public void set() {
        table.set(1L, 3L);
    }
}

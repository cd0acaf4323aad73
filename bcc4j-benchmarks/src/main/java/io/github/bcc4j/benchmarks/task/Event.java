package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.type.Unsigned;

/** The event of {@code bpf/perf.c} and {@code bpf/ring.c}, 64 bytes. */
record Event(
        long seq,
        long ts,
        long addr,
        long lat,
        @Unsigned int pid,
        @Unsigned int tid,
        @Unsigned int cpu,
        @Unsigned int kind,
        String comm) {

    static final int PAGES = 256;

    /** How many fill a buffer of that many pages. */
    static final int FULL = 13_000;

    static final long SEQ = 0;
    static final long LAT = 24;
    static final long PID = 32;
}

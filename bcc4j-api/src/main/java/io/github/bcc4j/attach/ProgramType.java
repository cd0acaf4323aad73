package io.github.bcc4j.attach;

import java.util.Locale;

/** The program types bcc4j attaches, with the kernel's numbers. Source: {@code enum bpf_prog_type}. */
public enum ProgramType {
    /** Runs at an instruction of the kernel or of a process. */
    KPROBE(2),
    /** Classifies packets; loaded for test runs. */
    SCHED_CLS(3),
    /** Runs at a static trace point, with its formatted fields. */
    TRACEPOINT(5),
    /** Runs before a packet has a socket buffer; loaded for test runs. */
    XDP(6),
    /** Runs when a perf event fires. */
    PERF_EVENT(7),
    /** Looks at the packets of a socket. */
    SOCKET_FILTER(1),
    /** Runs at a static trace point, with its raw arguments. */
    RAW_TRACEPOINT(17);

    private final int number;

    ProgramType(int number) {
        this.number = number;
    }

    /**
     * The kernel's number.
     *
     * @return {@code BPF_PROG_TYPE_}
     */
    public int number() {
        return number;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

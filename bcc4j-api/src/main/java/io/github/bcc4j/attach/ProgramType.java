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
    RAW_TRACEPOINT(17),
    /** Runs at many instructions of processes through one link; since Linux 6.6. */
    UPROBE_MULTI(2, 48);

    private final int number;
    private final int attachType;

    ProgramType(int number) {
        this(number, 0);
    }

    ProgramType(int number, int attachType) {
        this.number = number;
        this.attachType = attachType;
    }

    /**
     * How the kernel is told to expect it to be attached.
     *
     * @return {@code expected_attach_type}: a number of {@code enum bpf_attach_type}, 0 where it does not matter
     */
    public int attachType() {
        return attachType;
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

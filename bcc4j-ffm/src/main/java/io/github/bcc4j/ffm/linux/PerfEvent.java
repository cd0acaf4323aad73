package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * perf_event_open(2) and its ioctls. Every result is the kernel's, a negative errno for failure. Thread-safe.
 *
 * <p>Source: perf_event_open(2) and {@code struct perf_event_attr} in the kernel's {@code include/uapi/linux/perf_event.h}.
 */
public final class PerfEvent {
    private PerfEvent() {}

    /** {@code PERF_TYPE_SOFTWARE}. */
    public static final int TYPE_SOFTWARE = 1;

    /** {@code PERF_TYPE_TRACEPOINT}. */
    public static final int TYPE_TRACEPOINT = 2;

    /** {@code PERF_COUNT_SW_BPF_OUTPUT}. */
    public static final int SW_BPF_OUTPUT = 10;

    /** {@code PERF_SAMPLE_RAW}. */
    public static final int SAMPLE_RAW = 1 << 10;

    private static final int ATTR_SIZE = 112;
    private static final int FLAG_CLOEXEC = 8;

    /**
     * What to open.
     *
     * @param type {@code PERF_TYPE_} or a dynamic PMU's number
     * @param config the event in it
     * @param samplePeriod events between two samples
     * @param sampleType {@code PERF_SAMPLE_} bits
     * @param flags the bit-field word of the attribute, {@code disabled} being bit 0
     * @param wakeupEvents samples between two wake-ups of a poller
     * @param config1 the PMU's first word: a kprobe's symbol (address of the name) or a uprobe's path
     * @param config2 the PMU's second word: an offset or an address
     */
    public record Attr(
            int type,
            long config,
            long samplePeriod,
            long sampleType,
            long flags,
            int wakeupEvents,
            long config1,
            long config2) {}

    /**
     * perf_event_open(2), close-on-exec.
     *
     * @param attr what to open
     * @param pid a process; -1 for all
     * @param cpu a CPU; -1 for all, with a process only
     * @return a descriptor or a negative errno
     */
    public static int open(Attr attr, int pid, int cpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = encode(attr, arena);
            return (int) Syscall.call(CallNumbers.PERF_EVENT_OPEN, a.address(), pid, cpu, -1, FLAG_CLOEXEC);
        }
    }

    /** The C struct, as Linux 4.1 and later know it. */
    static MemorySegment encode(Attr attr, Arena arena) {
        MemorySegment a = arena.allocate(ATTR_SIZE, 8);
        a.set(JAVA_INT, 0, attr.type);
        a.set(JAVA_INT, 4, ATTR_SIZE);
        a.set(JAVA_LONG, 8, attr.config);
        a.set(JAVA_LONG, 16, attr.samplePeriod);
        a.set(JAVA_LONG, 24, attr.sampleType);
        a.set(JAVA_LONG, 40, attr.flags);
        a.set(JAVA_INT, 48, attr.wakeupEvents);
        a.set(JAVA_LONG, 56, attr.config1);
        a.set(JAVA_LONG, 64, attr.config2);
        return a;
    }

    /**
     * Opens a probe of the {@code kprobe} or {@code uprobe} PMU, since Linux 4.17: no name in tracefs, gone with its descriptor.
     *
     * @param pmuType the number in {@code /sys/bus/event_source/devices/kprobe/type} or {@code uprobe/type}
     * @param config bit 0 (or the bit the PMU's format file names) for a return probe; maxactive in the upper half
     * @param target the kernel function's name, or the file's path
     * @param offset the offset in the function or the file
     * @param pid a process; -1 for all
     * @param cpu a CPU; -1 with a process
     * @return a descriptor or a negative errno
     */
    public static int openProbe(int pmuType, long config, String target, long offset, int pid, int cpu) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(target).address();
            return open(new Attr(pmuType, config, 1, 0, 0, 1, name, offset), pid, cpu);
        }
    }

    /**
     * {@code PERF_EVENT_IOC_SET_BPF}.
     *
     * @param fd the event
     * @param programFd the program to run on it
     * @return 0 or a negative errno
     */
    public static int setProgram(int fd, int programFd) {
        return (int) Linux.ioctl(fd, 0x40042408, programFd);
    }

    /**
     * {@code PERF_EVENT_IOC_ENABLE}.
     *
     * @param fd the event
     * @return 0 or a negative errno
     */
    public static int enable(int fd) {
        return (int) Linux.ioctl(fd, 0x2400, 0);
    }

    /**
     * {@code PERF_EVENT_IOC_DISABLE}.
     *
     * @param fd the event
     * @return 0 or a negative errno
     */
    public static int disable(int fd) {
        return (int) Linux.ioctl(fd, 0x2401, 0);
    }
}

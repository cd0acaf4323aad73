package io.github.bcc4j.attach;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * A counter of the kernel or the processor; the program runs each time so many more of its events have happened. At first on every CPU that is
 * online, for all processes, each time one event has happened.
 *
 * <p>A CPU that is switched on later is not covered; attach again with {@link #onCpu} for it, or all anew. Kernel floor: 4.9.
 *
 * @param type {@code PERF_TYPE_}, or the number in {@code /sys/bus/event_source/devices/UNIT/type}
 * @param config the event, as the type counts them
 * @param config1 a second word that some types have
 * @param period run each time that many more events have happened; or, if {@code frequency}, that many times a second
 * @param frequency whether {@code period} is a frequency, in Hertz, for which the kernel adapts the real period all the time
 * @param pid the process to count in, wherever it runs; empty for all
 * @param cpu the CPU to count on; empty for all
 * @param inherit with a process, whether to count in its children and threads to come too
 * @param exclude what not to count: {@link #EXCLUDE_USER}, {@link #EXCLUDE_KERNEL}, or-ed
 */
public record PerfEventSpec(
        int type,
        long config,
        long config1,
        long period,
        boolean frequency,
        OptionalInt pid,
        OptionalInt cpu,
        boolean inherit,
        int exclude)
        implements AttachSpec {
    /** Not what happens in programs. */
    public static final int EXCLUDE_USER = 1;

    /** Not what happens in the kernel. */
    public static final int EXCLUDE_KERNEL = 2;

    /** Counters that the kernel keeps; every machine has them. Source: {@code enum perf_sw_ids}. */
    public enum Software {
        /** Nanoseconds of each CPU; the usual way to sample. */
        CPU_CLOCK,
        /** Nanoseconds of the task on the CPU. */
        TASK_CLOCK,
        /** Page faults. */
        PAGE_FAULTS,
        /** Changes from a task to another. */
        CONTEXT_SWITCHES,
        /** Moves of a task to another CPU. */
        CPU_MIGRATIONS,
        /** Page faults served from memory. */
        PAGE_FAULTS_MIN,
        /** Page faults served from disk. */
        PAGE_FAULTS_MAJ,
        /** Accesses that had to be aligned by the kernel. */
        ALIGNMENT_FAULTS,
        /** Instructions that the kernel had to emulate. */
        EMULATION_FAULTS
    }

    /** Counters of the processor; virtual machines often have none. Source: {@code enum perf_hw_id}. */
    public enum Hardware {
        /** Clock cycles at the processor's current speed. */
        CPU_CYCLES,
        /** Instructions that were completed. */
        INSTRUCTIONS,
        /** Accesses to the caches, mostly the last. */
        CACHE_REFERENCES,
        /** Accesses to memory for want of it in the caches. */
        CACHE_MISSES,
        /** Branches that were completed. */
        BRANCH_INSTRUCTIONS,
        /** Branches that were guessed wrong. */
        BRANCH_MISSES,
        /** Cycles of the bus. */
        BUS_CYCLES,
        /** Cycles in which the front of the pipeline had to wait. */
        STALLED_CYCLES_FRONTEND,
        /** Cycles in which the end of the pipeline had to wait. */
        STALLED_CYCLES_BACKEND,
        /** Clock cycles at the processor's nominal speed. */
        REF_CPU_CYCLES
    }

    private static final int HARDWARE = 0;
    private static final int SOFTWARE = 1;
    private static final int HARDWARE_CACHE = 3;
    private static final int RAW = 4;

    /** Checks the parts. */
    public PerfEventSpec {
        if (period <= 0) {
            throw new IllegalArgumentException(
                    "a " + (frequency ? "frequency" : "period") + " is positive, not " + period);
        }
        pid.ifPresent(UprobeSpec::checkPid);
        if (cpu.isPresent() && cpu.getAsInt() < 0) {
            throw new IllegalArgumentException("not a CPU: " + cpu.getAsInt());
        }
        if (inherit && pid.isEmpty()) {
            throw new IllegalArgumentException("inheriting is for the events of a process");
        }
        if (exclude < 0 || exclude > (EXCLUDE_USER | EXCLUDE_KERNEL)) {
            throw new IllegalArgumentException("not a set of things to exclude: " + exclude);
        }
    }

    /**
     * Any event.
     *
     * @param type {@code PERF_TYPE_}, or the number of a unit
     * @param config the event
     * @return each one, on all CPUs
     */
    public static PerfEventSpec of(int type, long config) {
        return new PerfEventSpec(type, config, 0, 1, false, OptionalInt.empty(), OptionalInt.empty(), false, 0);
    }

    /**
     * An event that the kernel counts.
     *
     * @param event which
     * @return each one, on all CPUs
     */
    public static PerfEventSpec software(Software event) {
        return of(SOFTWARE, event.ordinal());
    }

    /**
     * An event that the processor counts.
     *
     * @param event which
     * @return each one, on all CPUs; set a period or a frequency
     */
    public static PerfEventSpec hardware(Hardware event) {
        return of(HARDWARE, event.ordinal());
    }

    /**
     * An event by the processor's own number for it.
     *
     * @param config as its manual says
     * @return each one, on all CPUs; set a period or a frequency
     */
    public static PerfEventSpec raw(long config) {
        return of(RAW, config);
    }

    /**
     * The same event, with the program run less often.
     *
     * @param events run each time that many more have happened
     * @return the place
     */
    public PerfEventSpec every(long events) {
        return new PerfEventSpec(type, config, config1, events, false, pid, cpu, inherit, exclude);
    }

    /**
     * The same event, with the program run at a steady rate while events happen.
     *
     * @param hertz how often a second, on each CPU; at most {@code kernel.perf_event_max_sample_rate}
     * @return the place
     */
    public PerfEventSpec perSecond(long hertz) {
        return new PerfEventSpec(type, config, config1, hertz, true, pid, cpu, inherit, exclude);
    }

    /**
     * The same event in one process, on whatever CPU it runs.
     *
     * @param process its id; of a process with several threads the main one, or the id of one thread
     * @return the place
     */
    public PerfEventSpec inProcess(int process) {
        return new PerfEventSpec(
                type, config, config1, period, frequency, OptionalInt.of(process), cpu, inherit, exclude);
    }

    /**
     * The same event of a process, also in the children and threads that it makes from now on.
     *
     * @return the place
     */
    public PerfEventSpec inherited() {
        return new PerfEventSpec(type, config, config1, period, frequency, pid, cpu, true, exclude);
    }

    /**
     * The same event on one CPU.
     *
     * @param number the CPU
     * @return the place
     */
    public PerfEventSpec onCpu(int number) {
        return new PerfEventSpec(
                type, config, config1, period, frequency, pid, OptionalInt.of(number), inherit, exclude);
    }

    /**
     * The same event, but not everywhere.
     *
     * @param what {@link #EXCLUDE_USER} or {@link #EXCLUDE_KERNEL}
     * @return the place
     */
    public PerfEventSpec excluding(int what) {
        return new PerfEventSpec(type, config, config1, period, frequency, pid, cpu, inherit, what);
    }

    /**
     * Whether the processor counts the event.
     *
     * @return false if the kernel does
     */
    public boolean isHardware() {
        return type == HARDWARE || type == HARDWARE_CACHE || type == RAW;
    }

    @Override
    public ProgramType programType() {
        return ProgramType.PERF_EVENT;
    }

    private String event() {
        if (type == SOFTWARE && config >= 0 && config < Software.values().length) {
            return dashed(Software.values()[(int) config]);
        }
        if (type == HARDWARE && config >= 0 && config < Hardware.values().length) {
            return dashed(Hardware.values()[(int) config]);
        }
        return type + "/0x" + Long.toHexString(config);
    }

    private static String dashed(Enum<?> event) {
        return event.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return "e:" + event() + (frequency ? " at " + period + " Hz" : " every " + period)
                + (pid.isPresent() ? " in process " + pid.getAsInt() : "")
                + (cpu.isPresent() ? " on CPU " + cpu.getAsInt() : "");
    }
}

package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.ffm.linux.PerfEvent;
import io.github.bcc4j.kernel.Cpus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@code BPF_PERF_ARRAY}: one counter of the kernel or the processor for each CPU, which programs read by {@code
 * perf_read(CUR_CPU_IDENTIFIER)} or {@code perf_counter_value}. Thread-safe. Kernel floor: 4.3.
 */
public final class BpfCounters implements AutoCloseable {
    private static final int EXCLUDE_SHIFT = 4;

    private final KernelMap map;
    private final Map<Integer, Fd> counters = new LinkedHashMap<>();

    private BpfCounters(KernelMap map, PerfEventSpec event) {
        this.map = map;
        try {
            for (int cpu : (event.cpu().isPresent() ? event.cpu().stream() : Cpus.online().stream()).toArray()) {
                open(event, cpu);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts counting.
     *
     * @param map the perf event array, with a place for each CPU
     * @param event what to count, for all processes or for one, on all CPUs or on one; the period does not matter
     * @return the running counters, to be closed
     * @throws BpfSyscallException if the kernel or the processor does not have the event
     */
    public static BpfCounters open(KernelMap map, PerfEventSpec event) {
        return new BpfCounters(map, event);
    }

    private void open(PerfEventSpec event, int cpu) {
        long flags = (long) event.exclude() << EXCLUDE_SHIFT;
        int fd = PerfEvent.open(
                new PerfEvent.Attr(event.type(), event.config(), 0, 0, flags, 0, event.config1(), 0),
                event.pid().orElse(-1),
                cpu);
        if (fd == -Errno.ENODEV && event.cpu().isEmpty() && !Cpus.online().get(cpu)) {
            return; // switched off since it was listed
        }
        if (fd < 0) {
            throw new BpfSyscallException(
                    "count " + event + " on CPU " + cpu,
                    -fd,
                    switch (-fd) {
                        case Errno.ENOENT, Errno.EOPNOTSUPP, Errno.ENODEV ->
                            "this machine has no such counter; virtual machines often have those of the kernel only";
                        case Errno.ESRCH -> "there is no such process (any more)";
                        default -> null;
                    });
        }
        counters.put(cpu, Fd.own(fd, "counter of " + event + " on CPU " + cpu));
        try (Scratch scratch = Scratch.take(map)) {
            scratch.key().set(JAVA_INT, 0, cpu);
            scratch.value().set(JAVA_INT, 0, fd);
            map.put(scratch.key(), scratch.value(), 0);
        }
    }

    /**
     * The counts by now.
     *
     * @return by CPU
     * @throws IllegalStateException if this is closed
     */
    public synchronized Map<Integer, Long> read() {
        Map<Integer, Long> counts = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            counters.forEach((cpu, fd) -> {
                long n = fd.call(number -> Linux.read(number, count));
                if (n < 0) {
                    throw new BpfSyscallException("read " + fd, (int) -n, null);
                }
                counts.put(cpu, count.get(JAVA_LONG, 0));
            });
        }
        return counts;
    }

    /** Stops counting and takes the counters out of the map. Closing again does nothing. */
    @Override
    public synchronized void close() {
        counters.forEach((cpu, fd) -> {
            try (fd;
                    Scratch scratch = Scratch.take(map)) {
                if (!fd.isClosed()) {
                    scratch.key().set(JAVA_INT, 0, cpu);
                    map.delete(scratch.key());
                }
            } catch (IllegalStateException e) {
                // the map is closed, also by another thread just now: it refers to nothing any more
            }
        });
    }
}

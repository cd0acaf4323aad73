package io.github.bcc4j.event;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.ffm.linux.PerfEvent;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.table.KernelMap;
import io.github.bcc4j.type.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * A {@code BPF_PERF_OUTPUT}: every CPU has a ring of its own. Events of one CPU come in order; between CPUs there is none. When a ring
 * is full the kernel drops what follows and says how many: {@link #lost()}. Kernel floor: 4.4.
 *
 * <p>CPUs that come online while it is open get their rings at the next reading, or within a second of one that waits; what they submit
 * before that fails in the program ({@code perf_submit} gives {@code -ENOENT}) and is counted by nobody. A CPU that goes and comes back within a
 * tenth of a second is not noticed.
 *
 * @param <E> the event type
 */
public final class PerfBuffer<E> extends EventBuffer<E> {
    private static final long PAGE = Linux.pageSize();
    private static final long LONGEST_NAP_MILLIS = 100;

    /** A CPU that comes online is noticed within this time, of a reader who only waits. */
    private static final long LONGEST_WAIT_MILLIS = 1000;

    private static final long LOOK_NANOS = 100_000_000;

    private final KernelMap map;
    private final PerfBufferOptions options;
    private final List<CpuRing> rings = new CopyOnWriteArrayList<>();
    private final List<Fd> events = new CopyOnWriteArrayList<>();
    private final Queue<Held<E>> held = new PriorityQueue<>();
    private final AtomicLong lost = new AtomicLong();
    private BitSet online = new BitSet();
    private long looked;
    private int next;
    private long arrivals;

    private PerfBuffer(KernelMap map, Codec<E> codec, PerfBufferOptions options) {
        // With wake-ups for every n-th event only, the rest below n is found by looking now and then.
        super(
                "perf buffer",
                map.name(),
                codec,
                new PerfLoop(),
                options.wakeupEvents() == 1 ? LONGEST_WAIT_MILLIS : LONGEST_NAP_MILLIS);
        this.map = map;
        this.options = options;
        try {
            open(Cpus.online());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a ring for every online CPU.
     *
     * @param map the perf event array; stays its owner's
     * @param codec how an event is read
     * @param options sizes
     * @param <E> the event type
     * @return the open buffer
     * @throws BpfSyscallException if the kernel refuses, with what would help
     */
    public static <E> PerfBuffer<E> open(KernelMap map, Codec<E> codec, PerfBufferOptions options) {
        return new PerfBuffer<>(map, codec, options);
    }

    /** Opens rings on those of these CPUs that were not online before. One that was away needs another: the kernel took its event away. */
    private void open(BitSet now) {
        BitSet added = (BitSet) now.clone();
        added.andNot(online);
        added.stream().forEach(this::open);
        online = now;
        looked = System.nanoTime();
    }

    private void open(int cpu) {
        PerfEvent.Attr attr = new PerfEvent.Attr(
                PerfEvent.TYPE_SOFTWARE,
                PerfEvent.SW_BPF_OUTPUT,
                1,
                PerfEvent.SAMPLE_RAW,
                0,
                options.wakeupEvents(),
                0,
                0);
        int fd = PerfEvent.open(attr, -1, cpu);
        if (fd == -Errno.ENODEV) {
            return; // the CPU went offline since it was listed
        }
        events.add(Fd.own(check(fd, "open a ring on CPU " + cpu), toString()));
        long length = PAGE + PAGE * options.pages();
        MemorySegment ring =
                map(fd, 0, length, Linux.PROT_READ | Linux.PROT_WRITE, options.pages() + " pages for CPU " + cpu);
        rings.add(new CpuRing(cpu, ring, PAGE));
        watch(fd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(4, 4);
            MemorySegment value = arena.allocate(4, 4);
            key.set(JAVA_INT, 0, cpu);
            value.set(JAVA_INT, 0, fd);
            map.update(key, value, 0);
        }
        check(PerfEvent.enable(fd), "enable");
    }

    /**
     * Waits for events and gives all that are there to the handler, with the CPU each was submitted on.
     *
     * @param timeout how long to wait for the first; zero not at all
     * @param handler receives them on this thread
     * @return how many, 0 if none came in time or the buffer was closed meanwhile
     * @throws IllegalStateException if the buffer is closed already
     */
    public int poll(Duration timeout, EventHandler<? super E> handler) {
        return deliver(timeout, delivery(handler));
    }

    /**
     * Gives events that are there to the handler, with the CPU each was submitted on, without waiting.
     *
     * @param limit how many at most
     * @param handler receives them on this thread
     * @return how many
     * @throws IllegalStateException if the buffer is closed
     */
    public int consume(int limit, EventHandler<? super E> handler) {
        return deliver(limit, delivery(handler));
    }

    /**
     * Waits for events and gives them to the handler in the order of their own time stamps: also events of one task that moved from
     * one CPU to another come as they happened. The newest may be kept for the next call, so call until it gives 0.
     *
     * @param timeout how long to wait for the first; zero not at all
     * @param time an event's time stamp, such as of {@code bpf_ktime_get_ns()}
     * @param handler receives them on this thread
     * @return how many were given
     * @throws IllegalStateException if the buffer is closed already
     */
    public int pollInTimeOrder(Duration timeout, ToLongFunction<? super E> time, EventHandler<? super E> handler) {
        return exclusively(() -> {
            EventHandler<E> keep = (cpu, e) -> held.add(new Held<>(time.applyAsLong(e), arrivals++, cpu, e));
            poll(held.isEmpty() ? timeout : Duration.ZERO, keep);
            long newest = held.stream().mapToLong(Held::time).max().orElse(Long.MIN_VALUE);
            // Whatever came before the newest event is in its ring by now, but may be in one that had been read
            // already.
            readUnlessClosed(Integer.MAX_VALUE, delivery(keep));
            int n = 0;
            for (; !held.isEmpty() && held.peek().time() <= newest; n++) {
                Held<E> first = held.remove();
                handler.event(first.cpu(), first.event());
            }
            return n;
        });
    }

    private record Held<E>(long time, long arrival, int cpu, E event) implements Comparable<Held<E>> {
        @Override
        public int compareTo(Held<E> other) {
            int order = Long.compare(time, other.time);
            return order != 0 ? order : Long.compare(arrival, other.arrival);
        }
    }

    @Override
    int read(int limit, Delivery delivery) {
        if (System.nanoTime() - looked > LOOK_NANOS) {
            open(Cpus.online());
        }
        int n = 0;
        try {
            for (int i = 0; i < rings.size() && n < limit && !isClosed(); i++) {
                int ring = next;
                next = (next + 1) % rings.size(); // the next call begins elsewhere, so that no CPU starves
                n += delivery.drain(rings.get(ring), limit - n);
            }
        } finally {
            lost.set(rings.stream().mapToLong(CpuRing::lost).sum());
        }
        return n;
    }

    @Override
    void stop() {
        rings.forEach(CpuRing::stop);
    }

    @Override
    void release() {
        events.forEach(Fd::close);
    }

    /**
     * Events the kernel had no room for, as far as reading has come.
     *
     * @return never falls
     */
    @Override
    public long lost() {
        return lost.get();
    }
}

package io.github.bcc4j.event;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.ffm.linux.PerfEvent;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.kernel.Privileges;
import io.github.bcc4j.table.KernelMap;
import io.github.bcc4j.type.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * A {@code BPF_PERF_OUTPUT}, read from the memory it shares with the kernel: no copy but the event itself, no native callback.
 *
 * <p>Every CPU has a ring of its own. Events of one CPU come in order; between CPUs there is none. When a ring is full the kernel
 * drops what follows and says how many: {@link #lost()}.
 *
 * <p>Thread-safe: one thread reads at a time, others wait for it. {@link #close()} interrupts a waiting reader. Kernel floor: 4.4.
 *
 * @param <E> the event type
 */
public final class PerfBuffer<E> implements AutoCloseable {
    private static final long PAGE = Linux.pageSize();
    private static final long LONGEST_NAP_MILLIS = 100;

    private final String name;
    private final Codec<E> codec;
    private final List<CpuRing> rings = new ArrayList<>();
    private final List<Fd> events = new ArrayList<>();
    private final Arena memory = Arena.ofShared();
    private final Queue<Held<E>> held = new PriorityQueue<>();
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Fd epoll;
    private final Fd wakeUp;
    private final long longestNap;
    private int next;
    private long arrivals;

    private PerfBuffer(KernelMap map, Codec<E> codec, PerfBufferOptions options) {
        this.name = map.name();
        this.codec = codec;
        // With wake-ups for every n-th event only, the rest below n is found by looking now and then.
        this.longestNap = options.wakeupEvents() == 1 ? Integer.MAX_VALUE : LONGEST_NAP_MILLIS;
        this.epoll = Fd.own(check(Linux.epollCreate(), "epoll"), "perf buffer \"" + name + '"');
        this.wakeUp = Fd.own(check(Linux.eventFd(), "eventfd"), "perf buffer \"" + name + '"');
        try {
            check(Linux.epollAdd(epoll.number(), wakeUp.number(), -1), "watch");
            for (int cpu : Cpus.online().stream().toArray()) {
                open(map, cpu, options);
            }
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

    private void open(KernelMap map, int cpu, PerfBufferOptions options) {
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
        events.add(Fd.own(check(fd, "open a ring on CPU " + cpu), "perf buffer \"" + name + '"'));
        long length = PAGE + PAGE * options.pages();
        long address = Linux.mmap(fd, 0, length, Linux.PROT_READ | Linux.PROT_WRITE);
        check(address < 0 && address > -4096 ? (int) address : 0, "map " + options.pages() + " pages for CPU " + cpu);
        rings.add(new CpuRing(cpu, Linux.mapped(address, length, memory), PAGE));
        check(Linux.epollAdd(epoll.number(), fd, rings.size() - 1), "watch");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(4, 4);
            MemorySegment value = arena.allocate(4, 4);
            key.set(JAVA_INT, 0, cpu);
            value.set(JAVA_INT, 0, fd);
            map.update(key, value, 0);
        }
        check(PerfEvent.enable(fd), "enable");
    }

    private int check(int result, String what) {
        if (result < 0) {
            String hint = switch (-result) {
                case Errno.EPERM, Errno.EACCES -> Privileges.explainEperm("open a perf buffer", -result);
                case Errno.ENOMEM -> "fewer pages, or a higher kernel.perf_event_mlock_kb";
                case Errno.EMFILE -> "the process has no descriptor left: raise ulimit -n";
                default -> null;
            };
            throw new BpfSyscallException("perf buffer \"" + name + "\": " + what, -result, hint);
        }
        return result;
    }

    /**
     * The buffer's name.
     *
     * @return as in the C text
     */
    public String name() {
        return name;
    }

    /**
     * Waits for events and gives all that are there to the handler.
     *
     * @param timeout how long to wait for the first; zero not at all
     * @param handler receives them on this thread
     * @return how many, 0 if none came in time or the buffer was closed meanwhile
     * @throws IllegalStateException if the buffer is closed already
     */
    public int poll(Duration timeout, EventHandler<? super E> handler) {
        return pollRaw(timeout, decoding(handler));
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
        reading.lock();
        try {
            EventHandler<E> keep = (cpu, e) -> held.add(new Held<>(time.applyAsLong(e), arrivals++, cpu, e));
            poll(held.isEmpty() ? timeout : Duration.ZERO, keep);
            long newest = held.stream().mapToLong(Held::time).max().orElse(Long.MIN_VALUE);
            // Whatever came before the newest event is in its ring by now, but may be in one that had been read
            // already.
            readUnlessClosed(Integer.MAX_VALUE, decoding(keep));
            int n = 0;
            for (; !held.isEmpty() && held.peek().time() <= newest; n++) {
                Held<E> first = held.remove();
                handler.event(first.cpu(), first.event());
            }
            return n;
        } finally {
            leave();
        }
    }

    private record Held<E>(long time, long arrival, int cpu, E event) implements Comparable<Held<E>> {
        @Override
        public int compareTo(Held<E> other) {
            int order = Long.compare(time, other.time);
            return order != 0 ? order : Long.compare(arrival, other.arrival);
        }
    }

    /**
     * Waits for events and gives the bytes of all that are there to the handler.
     *
     * @param timeout how long to wait for the first; zero not at all
     * @param handler receives them on this thread
     * @return how many
     * @throws IllegalStateException if the buffer is closed already
     */
    public int pollRaw(Duration timeout, RawEventHandler handler) {
        long deadline = System.nanoTime() + timeout.toNanos();
        int n = consumeRaw(Integer.MAX_VALUE, handler);
        while (n == 0 && await(deadline)) {
            n = readUnlessClosed(Integer.MAX_VALUE, handler);
        }
        return n;
    }

    /**
     * Gives events that are there to the handler, without waiting.
     *
     * @param limit how many at most
     * @param handler receives them on this thread
     * @return how many
     * @throws IllegalStateException if the buffer is closed
     */
    public int consume(int limit, EventHandler<? super E> handler) {
        return consumeRaw(limit, decoding(handler));
    }

    /**
     * Gives the bytes of events that are there to the handler, without waiting.
     *
     * @param limit how many at most
     * @param handler receives them on this thread
     * @return how many
     * @throws IllegalStateException if the buffer is closed
     */
    public int consumeRaw(int limit, RawEventHandler handler) {
        if (closed.get()) {
            throw new IllegalStateException("perf buffer \"" + name + "\" is closed");
        }
        return readUnlessClosed(limit, handler);
    }

    private RawEventHandler decoding(EventHandler<? super E> handler) {
        return (cpu, segment, offset, size) -> {
            if (size < codec.size()) {
                throw new BpfException("perf buffer \"" + name + "\": an event of " + size + " bytes is too short for "
                        + codec + ", which takes " + codec.size());
            }
            handler.event(cpu, codec.read(segment, offset));
        };
    }

    private int readUnlessClosed(int limit, RawEventHandler handler) {
        reading.lock();
        try {
            int n = 0;
            for (int i = 0; i < rings.size() && n < limit && !closed.get(); i++) {
                int ring = next;
                next = (next + 1) % rings.size(); // the next call begins elsewhere, so that no CPU starves
                n += rings.get(ring).consume(limit - n, handler);
            }
            return n;
        } finally {
            leave();
        }
    }

    /** Waits until there may be something to read: false when the time is over (after one last look) or the buffer is closed. */
    private boolean await(long deadline) {
        long millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
        if (closed.get() || millis <= 0) {
            return false;
        }
        try {
            epoll.call(fd -> Linux.epollWait(fd, new int[8], (int) Math.min(millis, longestNap)));
        } catch (IllegalStateException e) {
            return false; // closed in between
        }
        return true;
    }

    /** Waits for one event; false when the deadline is over or the buffer is closed. */
    boolean take(long deadline, EventHandler<? super E> handler) {
        RawEventHandler raw = decoding(handler);
        boolean again = true;
        while (again && !closed.get()) {
            if (readUnlessClosed(1, raw) == 1) {
                return true;
            }
            again = await(deadline);
        }
        return false;
    }

    /**
     * The events as a stream that waits for more until it or this buffer is closed. Events not taken from the stream stay in the
     * buffer.
     *
     * @return a stream to close
     */
    public EventStream<E> stream() {
        return new EventStream<>(this);
    }

    /**
     * Events the kernel had no room for, as far as reading has come.
     *
     * @return never falls
     */
    public long lost() {
        reading.lock();
        try {
            return rings.stream().mapToLong(CpuRing::lost).sum();
        } finally {
            reading.unlock();
        }
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true from then on
     */
    public boolean isClosed() {
        return closed.get();
    }

    /** Ends reading, also of a thread that waits in it, and gives the memory back. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        rings.forEach(CpuRing::stop);
        wakeUp.call(Linux::signal);
        reading.lock();
        leave();
    }

    /** Unlocks; the last reader of a closed buffer, possibly a handler that closed it, gives the memory back. */
    private void leave() {
        if (closed.get() && reading.getHoldCount() == 1 && memory.scope().isAlive()) {
            events.forEach(Fd::close);
            epoll.close();
            wakeUp.close();
            memory.close();
        }
        reading.unlock();
    }
}

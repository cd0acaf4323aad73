package io.github.bcc4j.benchmarks.task;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.benchmarks.Texts;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.table.BpfArray;
import java.lang.foreign.MemorySegment;

/** Drains a ring buffer that was filled before; nobody is woken meanwhile. */
public final class RingDrain implements Task {
    private final BPF bpf = BPF.fromSource(Texts.bpf("ring"));
    private final BpfProgram produce = bpf.program("produce", ProgramType.SCHED_CLS);
    private final BpfArray<Long> numbers = bpf.array("numbers", Long.class);
    private final RingBuffer<Event> events = bpf.ringBuffer("events", Event.class);
    private final boolean raw;
    private final int size;
    private long total;

    /**
     * Opens the buffer.
     *
     * @param variant {@code raw} or {@code typed}
     * @param size events in a round
     */
    public RingDrain(String variant, int size) {
        this.raw = variant.equals("raw");
        this.size = size;
    }

    @Override
    public void round(Report report) {
        total = 0;
        numbers.set(0, 0L);
        long spent = 0;
        long n = 0;
        for (int left = size; left > 0; left -= Event.FULL) {
            produce.testRun(new byte[64], Math.min(left, Event.FULL));
            long before = Report.cpu();
            n += raw ? drainRaw() : drainTyped();
            spent += Report.cpu() - before;
        }
        report.measured("cpu", spent).saw("n", n).saw("sum", total);
    }

    private int drainRaw() {
        return events.consumeRaw(Integer.MAX_VALUE, this::add);
    }

    private int drainTyped() {
        return events.consume(Integer.MAX_VALUE, e -> total += e.seq() + e.lat() + e.pid());
    }

    private void add(int cpu, MemorySegment memory, long offset, int length) {
        total += memory.get(JAVA_LONG_UNALIGNED, offset + Event.SEQ)
                + memory.get(JAVA_LONG_UNALIGNED, offset + Event.LAT)
                + memory.get(JAVA_INT_UNALIGNED, offset + Event.PID);
    }

    @Override
    public void close() {
        bpf.close();
    }
}

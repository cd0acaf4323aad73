package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.benchmarks.Texts;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.table.BpfArray;
import java.time.Duration;

/** Drains a ring buffer that was filled before; nobody is woken meanwhile. */
public final class RingDrain implements Task {
    private final BPF bpf = BPF.fromSource(Texts.bpf("ring"));
    private final BpfProgram produce = bpf.program("produce", ProgramType.SCHED_CLS);
    private final BpfArray<Long> numbers = bpf.array("numbers", Long.class);
    private final EventSum sum;
    private final RingBuffer<?> events;
    private final int size;

    /**
     * Opens the buffer.
     *
     * @param variant {@code raw}, {@code typed} or {@code text}
     * @param size events in a round
     */
    public RingDrain(String variant, int size) {
        this.sum = new EventSum(variant);
        this.events = bpf.ringBuffer("events", sum.type());
        this.size = size;
    }

    @Override
    public void round(Report report) {
        sum.reset();
        numbers.set(0, 0L);
        long spent = 0;
        long n = 0;
        for (int left = size; left > 0; left -= EventSum.FULL) {
            produce.testRun(new byte[64], Math.min(left, EventSum.FULL));
            long before = Report.cpu();
            n += sum.poll(events, Duration.ZERO);
            spent += Report.cpu() - before;
        }
        report.measured("cpu", spent).saw("n", n).saw("sum", sum.total());
    }

    @Override
    public void close() {
        bpf.close();
    }
}

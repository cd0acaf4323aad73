package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.benchmarks.Texts;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.table.BpfArray;
import java.time.Duration;

/** Reads events while another process produces a million of them a second. */
public final class LiveStream implements Task {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BPF bpf = BPF.fromSource(Texts.bpf("perf"));
    private final BpfArray<Long> numbers = bpf.array("numbers", Long.class);
    private final EventSum sum;
    private final PerfBuffer<?> events;
    private final int size;

    /**
     * Opens the buffer; who is waiting is woken for every 32768th event, thirty times a second.
     *
     * @param variant {@code raw}, {@code typed} or {@code text}
     * @param size events in a round
     */
    public LiveStream(String variant, int size) {
        this.sum = new EventSum(variant);
        this.events = bpf.perfBuffer("events", sum.type(), new PerfBufferOptions(1024, 32768));
        this.size = size;
        bpf.program("produce", ProgramType.SCHED_CLS);
    }

    @Override
    public void round(Report report) {
        sum.reset();
        numbers.set(0, 0L);
        long before = Report.cpu();
        long n = 0;
        long lostBefore = events.lost();
        int more = 1;
        while (more > 0 && n + events.lost() - lostBefore < size) {
            more = sum.poll(events, PATIENCE);
            n += more;
        }
        report.measured("cpu", Report.cpu() - before)
                .saw("n", n)
                .saw("sum", sum.total())
                .saw("lost", events.lost() - lostBefore);
    }

    @Override
    public void close() {
        bpf.close();
    }
}

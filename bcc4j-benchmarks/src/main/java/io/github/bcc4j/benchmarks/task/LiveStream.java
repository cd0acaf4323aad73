package io.github.bcc4j.benchmarks.task;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.benchmarks.Texts;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.table.BpfArray;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Reads events while another process produces a million of them a second. */
public final class LiveStream implements Task {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BPF bpf = BPF.fromSource(Texts.bpf("perf"));
    private final BpfArray<Long> numbers = bpf.array("numbers", Long.class);
    private final PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class, new PerfBufferOptions(1024, 8192));
    private final boolean raw;
    private final int size;
    private long total;

    /**
     * Opens the buffer; who is waiting is woken for every 8192th event, about a hundred times a second.
     *
     * @param variant {@code raw} or {@code typed}
     * @param size events in a round
     */
    public LiveStream(String variant, int size) {
        this.raw = variant.equals("raw");
        this.size = size;
        bpf.program("produce", ProgramType.SCHED_CLS);
    }

    @Override
    public void round(Report report) {
        total = 0;
        numbers.set(0, 0L);
        long before = Report.cpu();
        long n = 0;
        long lostBefore = events.lost();
        int more = 1;
        while (more > 0 && n + events.lost() - lostBefore < size) {
            more = raw
                    ? events.pollRaw(PATIENCE, this::add)
                    : events.poll(PATIENCE, (Event e) -> total += e.seq() + e.lat() + e.pid());
            n += more;
        }
        report.measured("cpu", Report.cpu() - before)
                .saw("n", n)
                .saw("sum", total)
                .saw("lost", events.lost() - lostBefore);
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

package io.github.bcc4j.junit;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.junit.workload.Workloads;
import io.github.bcc4j.table.BpfArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** All that one test has: its program in the kernel, its recordings, its workloads. */
final class Experiment implements AutoCloseable {
    private static final int RING_BUFFER = 27;
    private static final int PER_CPU_ARRAY = 6;

    private final Optional<BPF> bpf;
    private final Workloads workloads = new Workloads();
    private final Map<String, Opened> recordings = new LinkedHashMap<>();

    private boolean closed;

    private record Opened(Class<?> type, Recording<?> recording) {}

    Experiment(Optional<CompiledModule> module) {
        this.bpf = module.map(BPF::load);
    }

    BPF bpf() {
        return bpf.orElseThrow(() -> new ParameterResolutionException(
                "there is nothing to load: @BpfTest gives no C text, by value, resource, file or method"));
    }

    Workloads workloads() {
        return workloads;
    }

    /** The attachments, empty if there is no program. */
    Optional<List<BpfLink>> attached() {
        return bpf.map(BPF::links);
    }

    synchronized List<Recording<?>> recordings() {
        return recordings.values().stream().<Recording<?>>map(Opened::recording).toList();
    }

    synchronized Recording<?> record(Events events, Class<?> type) {
        Opened open = recordings.get(events.value());
        if (open == null) {
            open = new Opened(type, Recording.of(buffer(events, type), events.capacity()));
            recordings.put(events.value(), open);
        } else if (open.type() != type) {
            throw new ParameterResolutionException("@Events(\"" + events.value() + "\") is a Recording<"
                    + open.type().getSimpleName() + "> already, and can't be one of " + type.getSimpleName()
                    + " as well");
        }
        return open.recording();
    }

    private EventBuffer<?> buffer(Events events, Class<?> type) {
        String name = events.value();
        MapSpec spec = bpf().maps().get(name);
        if (spec == null || spec.type() != RING_BUFFER) {
            if (!events.lost().isEmpty()) {
                throw new ParameterResolutionException(
                        "@Events(\"" + name
                                + "\", lost = ...) is for ring buffers: the kernel itself counts what is lost of a perf buffer");
            }
            return bpf().perfBuffer(name, type, new PerfBufferOptions(events.pages(), 1));
        }
        RingBuffer<?> ring = bpf().ringBuffer(name, type);
        return events.lost().isEmpty() ? ring : ring.countLost(counter(events.lost()));
    }

    private LongSupplier counter(String name) {
        MapSpec spec = bpf().maps().get(name);
        if (spec != null && spec.type() == PER_CPU_ARRAY) {
            BpfArray<List<Long>> counts = bpf().perCpuArray(name, Long.class);
            return () -> counts.get(0).stream().mapToLong(Long::longValue).sum();
        }
        BpfArray<Long> count = bpf().array(name, Long.class);
        return () -> count.get(0);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            recordings().forEach(Recording::close);
            workloads.close();
        } finally {
            bpf.ifPresent(BPF::close);
        }
        recordings().forEach(Recording::check); // also those that the test did not look at
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.RawTracepointSpec;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What tests with many threads use, and must leave as it was. */
abstract class Crowded {
    static final Duration LONG = Duration.ofSeconds(60);

    record Event(long n) {}

    static CompiledModule module;

    final Crowd crowd = new Crowd(4);
    private int descriptors;

    @BeforeAll
    static void compile() {
        module = Compiler.compile("""
                struct event { u64 n; };
                BPF_ARRAY(calls, u64, 1);
                BPF_HASH(triple, u32, u64, 20000);
                BPF_PERCPU_ARRAY(each, u64, 1);
                BPF_QUEUE(waiting, u64, 1000);
                BPF_PERF_ARRAY(clock, 512);
                BPF_RINGBUF_OUTPUT(ring, 512);
                BPF_PERF_OUTPUT(perf);
                int nothing(void *ctx) { return 0; }
                int submit(struct __sk_buff *skb) {
                    struct event e = {};
                    bpf_skb_load_bytes(skb, 14, &e.n, sizeof(e.n));
                    ring.ringbuf_output(&e, sizeof(e), 0);
                    perf.perf_submit(skb, &e, sizeof(e));
                    calls.atomic_increment(0);
                    return 0;
                }
                """, CompilerOptions.DEFAULT);
    }

    @BeforeEach
    void count() {
        try (BPF bpf = BPF.load(module)) { // whatever is opened once for all
            useAll(bpf);
        }
        descriptors = descriptors();
    }

    @AfterEach
    void nothingIsLeft() {
        crowd.close();
        assertThat(descriptors()).isEqualTo(descriptors);
    }

    static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    static final List<AttachSpec> PLACES = List.of(
            new RawTracepointSpec("sched_process_hang"),
            PerfEventSpec.software(PerfEventSpec.Software.EMULATION_FAULTS));

    private static void useAll(BPF bpf) {
        PLACES.forEach(p -> bpf.attach(p, "nothing").close());
        bpf.perfBuffer("perf", Event.class).poll(Duration.ZERO, (Event e) -> {});
        bpf.ringBuffer("ring", Event.class).poll(Duration.ZERO, e -> {});
        bpf.counters("clock", PerfEventSpec.software(PerfEventSpec.Software.CPU_CLOCK))
                .close();
        bpf.program("submit", ProgramType.SCHED_CLS).testRun(new byte[64]);
    }

    static void submit(BPF bpf, long n) {
        byte[] packet = new byte[64];
        ByteBuffer.wrap(packet).order(ByteOrder.nativeOrder()).putLong(14, n);
        bpf.program("submit", ProgramType.SCHED_CLS).testRun(packet);
    }

    static void isSeven(Event e) {
        assertThat(e.n()).isEqualTo(7);
    }
}

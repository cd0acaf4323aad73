package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.kernel.KernelObject;
import io.github.bcc4j.kernel.KernelObject.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What this process holds in the kernel, by name. */
@Tag("native")
class KernelObjectTest {
    record Event(long n) {}

    private static List<KernelObject> since(List<KernelObject> before) {
        List<KernelObject> now = new ArrayList<>(KernelObject.ofThisProcess());
        before.forEach(now::remove);
        return now;
    }

    @Test
    void everythingIsNamedAndGoneOnceClosed() {
        List<KernelObject> before = KernelObject.ofThisProcess();
        try (BPF bpf = BPF.fromSource("""
                struct event { u64 n; };
                BPF_RINGBUF_OUTPUT(ring, 1);
                BPF_HASH(counts_of_something, u32, u64);
                int on_event(void *ctx) {
                    struct event e = {};
                    ring.ringbuf_output(&e, sizeof(e), 0);
                    return 0;
                }
                """)) {
            assertThat(since(before))
                    .filteredOn(o -> o.kind() != Kind.TYPES)
                    .extracting(KernelObject::kind, KernelObject::name, KernelObject::detail)
                    .containsExactlyInAnyOrder(
                            tuple(Kind.MAP, "ring", "ring buffer"), tuple(Kind.MAP, "counts_of_somet", "hash"));
            bpf.program("on_event", ProgramType.RAW_TRACEPOINT);
            assertThat(since(before))
                    .filteredOn(o -> o.kind() == Kind.PROGRAM)
                    .singleElement()
                    .satisfies(o ->
                            assertThat(o.toString()).isEqualTo("program \"on_event\" (id " + o.id() + ", type 17)"));
            bpf.attachRawTracepoint("sys_enter", "on_event");
            assertThat(since(before))
                    .filteredOn(o -> o.kind() == Kind.LINK)
                    .singleElement()
                    .satisfies(o -> assertThat(o.toString())
                            .matches("link \\(id \\d+, raw_tracepoint tp_name sys_enter of program id \\d+\\)"));
            bpf.attachTracepoint("sched:sched_switch", "on_event").close();
            assertThat(since(before)).noneMatch(o -> o.kind() == Kind.PERF_EVENT);
            bpf.attachTracepoint("sched:sched_switch", "on_event");
            bpf.ringBuffer("ring", Event.class);
            assertThat(since(before)).anyMatch(o -> o.kind() == Kind.PERF_EVENT);
            assertThat(since(before))
                    .filteredOn(o -> o.kind() == Kind.EVENT_POLL)
                    .singleElement()
                    .hasToString("open buffer of events");
        }
        assertThat(since(before)).isEmpty();
    }
}

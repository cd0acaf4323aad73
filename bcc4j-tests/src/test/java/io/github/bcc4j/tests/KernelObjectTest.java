package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.kernel.KernelObject;
import io.github.bcc4j.kernel.KernelObject.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                    .satisfies(o -> assertThat(o.toString())
                            .isEqualTo("program \"on_event\" (id " + o.id() + ", raw_tracepoint)"));
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

    @Test
    void filesAndOtherPollsAreNone(@TempDir Path folder) throws IOException {
        List<KernelObject> before = KernelObject.ofThisProcess();
        try (FileChannel file = FileChannel.open(Files.createFile(folder.resolve("bpf")));
                Selector selector = Selector.open()) {
            assertThat(file.isOpen() && selector.isOpen()).isTrue();
            assertThat(since(before)).isEmpty();
        }
    }

    @Test
    void namedProbesAreOfTheProcessWhoseNumberTheyBear() throws IOException {
        Path probes = Path.of("/sys/kernel/tracing/uprobe_events");
        String mine = "bcc4j_" + ProcessHandle.current().pid() + "/named";
        List<KernelObject> before = KernelObject.ofThisProcess();
        Files.writeString(probes, "p:" + mine + " /bin/sh:0x40\n", StandardOpenOption.APPEND);
        try {
            Files.writeString(probes, "p:bcc4j_1/named /bin/sh:0x40\n", StandardOpenOption.APPEND);
            try {
                assertThat(since(before))
                        .singleElement()
                        .satisfies(o -> assertThat(o.toString())
                                .startsWith("named probe \"" + mine + " /")
                                .endsWith("sh:0x0000000000000040\" (uprobe_events)"));
            } finally {
                Files.writeString(probes, "-:bcc4j_1/named\n", StandardOpenOption.APPEND);
            }
        } finally {
            Files.writeString(probes, "-:" + mine + "\n", StandardOpenOption.APPEND);
        }
        assertThat(since(before)).isEmpty();
    }
}

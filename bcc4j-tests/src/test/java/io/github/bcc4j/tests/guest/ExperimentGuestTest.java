package io.github.bcc4j.tests.guest;

import static io.github.bcc4j.junit.assertj.BpfAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.junit.Events;
import io.github.bcc4j.junit.KernelFeature;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.Recording;
import io.github.bcc4j.junit.RequiresFeature;
import io.github.bcc4j.junit.Table;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.kernel.KernelObject;
import io.github.bcc4j.kernel.KernelObject.Kind;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.type.Unsigned;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Experiments with kprobes, on kernels that have them; what they hold there is named, and closed. */
@Tag("vm")
@OnKernels({"6.1", "6.12"})
@RequiresFeature({KernelFeature.KPROBE, KernelFeature.FENTRY})
@BpfTest("""
        struct cloned { u32 pid; };
        BPF_PERF_OUTPUT(events);
        BPF_HASH(counts, u32, u64);
        int on_clone(struct pt_regs *ctx) {
            struct cloned e = { .pid = bpf_get_current_pid_tgid() >> 32 };
            counts.increment(e.pid);
            events.perf_submit(ctx, &e, sizeof(e));
            return 0;
        }
        KFUNC_PROBE(vfs_open, const struct path *path, struct file *file) { return 0; }
        """)
public class ExperimentGuestTest {
    record Cloned(@Unsigned int pid) {}

    @Test
    void countsForksByAKprobe(
            BPF bpf, @Table("counts") BpfHash<Integer, Long> counts, @Events("events") Recording<Cloned> events) {
        try (BpfLink link = bpf.attachKprobe(BPF.syscallName("clone"), "on_clone")) {
            Workload.Done shell = Workload.execs(20).run();
            assertThat(counts).containsEntry((int) shell.pid(), 20L);
            assertThat(events).filteredOn(e -> e.pid() == shell.pid()).hasCount(20);
            assertThat(events).noneLost();
            assertThat(link.isAttached()).isTrue();
        }
    }

    @Test
    void whatIsHeldHasNames() {
        List<KernelObject> held = KernelObject.ofThisProcess();
        assertThat(held)
                .filteredOn(o -> o.kind() == Kind.LINK)
                .singleElement()
                .satisfies(o -> assertThat(o.detail()).startsWith("tracing"));
        assertThat(held)
                .filteredOn(o -> o.kind() == Kind.PROGRAM)
                .extracting(KernelObject::name)
                .containsExactly("kfunc__vfs_open");
    }
}

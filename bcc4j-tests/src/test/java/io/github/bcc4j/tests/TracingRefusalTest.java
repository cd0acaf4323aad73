package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.UnsupportedByKernelException;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.kernel.Features;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a user reads when a function, a hook or an iterator is not there, on the running kernel. */
@Tag("native")
class TracingRefusalTest {
    private static final String TEXT = """
            BPF_HASH(counts, u32, u64);
            BPF_PROG(entered) { return 0; }
            int any(void *ctx) { counts.increment(bpf_get_current_pid_tgid() >> 32); return 0; }
            """;

    @Test
    void aFunctionThatIsNotThereIsToldWithSimilarOnes() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            assertThatThrownBy(() -> bpf.attachFentry("vfs_raed", "entered"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("attach entered to fentry:vfs_raed: ENOENT")
                    .hasMessageContaining("this kernel has no function vfs_raed")
                    .hasMessageContaining("there is vfs_read");
            assertThatThrownBy(() -> bpf.attachFexit("no_such_module:f", "entered"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("fexit:no_such_module:f: ENOENT")
                    .hasMessageContaining("there is no module no_such_module with type information");
            assertThatThrownBy(() -> bpf.attachIterator(IteratorSpec.of("taks"), "entered"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("iter:taks: ENOENT")
                    .hasMessageContaining("this kernel has no iterator taks; there is task");
            assertThatThrownBy(() -> bpf.attachLsm("file_opne", "entered"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("lsm:file_opne: ENOENT");
            assertThatThrownBy(() -> bpf.program("entered", ProgramType.FENTRY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a program of type fentry is loaded for one place only: attach entered there");
            assertThatThrownBy(() -> new FentrySpec("", "vfs_read", ProgramType.KPROBE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a program of type kprobe is not attached so; the types are FENTRY, FEXIT, FMOD_RET");
            assertThatThrownBy(() -> bpf.iterator("task"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no function is attached as an iterator of \"task\"; BPF_ITER(task) would be");
            assertThat(bpf.links()).isEmpty();
        }
    }

    /** In a sandbox, the kernel forbids what it could do; elsewhere it does it. */
    @Test
    void aKernelThatForbidsItIsToldWithWhatWouldDo() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            if (Features.fentry().isSupported()) {
                assertThat(bpf.attachFentry("vfs_read", "entered").isAttached()).isTrue();
                return;
            }
            assertThat(Features.fentry().state()).isEqualTo(Features.State.UNKNOWN);
            assertThat(Features.fentry().reason()).startsWith("loading an fentry program is forbidden: ");
            assertThatThrownBy(() -> bpf.attachFentry("vfs_read", "entered"))
                    .isInstanceOf(BpfSyscallException.class)
                    .hasMessageContaining("load fentry program entered: EPERM")
                    .hasMessageContaining("a kprobe or tracepoint may do");
            assertThatThrownBy(() -> BPF.fromSource("KFUNC_PROBE(vfs_read) { return 0; }"))
                    .isInstanceOf(BpfSyscallException.class)
                    .hasMessageContaining("load fentry program kfunc__vfs_read: EPERM");
        }
    }

    @Test
    void aKernelWithoutKprobesSaysSo() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            if (Features.kprobe().isSupported()) {
                assertThat(bpf.attachKprobeFirst(List.of("no_such_function", "vfs_read"), "any"))
                        .hasToString("any at p:vfs_read");
                return;
            }
            assertThat(Features.kprobeMulti().state()).isEqualTo(Features.State.UNSUPPORTED);
            assertThatThrownBy(() -> bpf.attachKprobes(Pattern.compile("vfs_(read|write)"), "any"))
                    .isInstanceOf(UnsupportedByKernelException.class)
                    .hasMessageContaining("kprobe is not supported by this kernel")
                    .hasMessageContaining("in Linux since 4.17");
            assertThatThrownBy(() -> bpf.attachKprobeFirst(List.of("vfs_read", "vfs_write"), "any"))
                    .isInstanceOf(UnsupportedByKernelException.class);
        }
    }

    @Test
    void tracepointsByPattern() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            List<BpfLink> links = bpf.attachTracepoints(Pattern.compile("syscalls:sys_(enter|exit)_getppid"), "any");
            assertThat(links)
                    .extracting(l -> l.spec().toString())
                    .containsExactly("t:syscalls:sys_enter_getppid", "t:syscalls:sys_exit_getppid");
            int pid = (int) Workloads.getppids(25).pid();
            assertThat(bpf.hash("counts", Integer.class, Long.class)).containsEntry(pid, 50L);
            assertThatThrownBy(() -> bpf.attachTracepoints(Pattern.compile("none:.*"), "any"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no tracepoint matches \"none:.*\"");
        }
    }

    @Test
    void featuresAreFoundOutByTrying() {
        assertThat(Features.xdp().isSupported()).isTrue();
        assertThat(Features.cgroup().isSupported()).isTrue();
        assertThat(Features.xdp()).isSameAs(Features.xdp());
        assertThat(Features.helper(5, 14).isSupported())
                .as("bpf_get_current_pid_tgid")
                .isTrue();
        assertThat(Features.helper(5, 1).isSupported())
                .as("bpf_map_lookup_elem")
                .isTrue();
        assertThat(Features.helper(6, 44).isSupported())
                .as("bpf_xdp_adjust_head")
                .isTrue();
        assertThat(Features.helper(5, 44).state()).as("it is for XDP").isEqualTo(Features.State.UNSUPPORTED);
        assertThat(Features.helper(5, 100_000).state()).isEqualTo(Features.State.UNSUPPORTED);
    }
}

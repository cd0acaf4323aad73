import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bcc4j.BPF;
import io.github.bcc4j.junit.OnKernels;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How do three kernels make a shell's children? Run by {@code mvn test}; no root is needed. */
@OnKernels({"6.1", "6.12", "7"})
class ForkExperimentTest {
    private static final String COUNT = """
            BPF_HASH(counts, u32, u64);
            int count(void *ctx) { counts.increment(bpf_get_current_pid_tgid() >> 32); return 0; }
            """;

    @BeforeEach
    void sayWhere() {
        System.out.println("on Linux " + System.getProperty("os.version"));
    }

    /** A shell that makes five children of its own; its process id. */
    private static int shell() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", "for i in 1 2 3 4 5; do (:); done").start();
        assertEquals(0, shell.waitFor());
        return (int) shell.pid();
    }

    @Test
    @DisplayName("counts forks by a kprobe")
    void kprobe() throws Exception {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            bpf.attachKprobe(BPF.syscallName("clone"), "count");
            Map<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
            assertEquals(5L, counts.get(shell()));
        }
    }

    @Test
    @DisplayName("counts forks by a tracepoint")
    void tracepoint() throws Exception {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            bpf.attachTracepoint("sched:sched_process_fork", "count");
            Map<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
            assertEquals(5L, counts.get(shell()));
        }
    }
}

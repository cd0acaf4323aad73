package io.github.bcc4j.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.KprobesSpec;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.tests.Workloads;
import io.github.bcc4j.type.Unsigned;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs that read the kernel's own structs, compiled with that kernel's headers; and what a killed process leaves. */
@OnKernels({"6.1", "6.12"})
@Tag("vm")
public class KernelStructsGuestTest {
    @Test
    void parentsAreReadFromTheTask() {
        record Parent(@Unsigned int parent, String comm) {}
        try (BPF bpf = BPF.fromSource("""
                #include <linux/sched.h>
                struct parent { u32 parent; char comm[TASK_COMM_LEN]; };
                BPF_HASH(parents, u32, struct parent);
                int kprobe__sys_getppid(struct pt_regs *ctx) {
                    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
                    u32 pid = bpf_get_current_pid_tgid() >> 32;
                    struct parent p = {};
                    p.parent = task->real_parent->tgid;
                    bpf_get_current_comm(&p.comm, sizeof(p.comm));
                    parents.update(&pid, &p);
                    return 0;
                }
                """)) {
            int pid = (int) Workloads.getppids(1).pid();
            Parent parent = bpf.hash("parents", Integer.class, Parent.class).get(pid);
            assertThat(parent)
                    .isEqualTo(new Parent((int) ProcessHandle.current().pid(), "python3"));
        }
    }

    @Test
    void argumentsOfFunctionsAreTheirOwn() {
        try (BPF bpf = BPF.fromSource("""
                #include <linux/fs.h>
                BPF_HASH(bytes, u32, u64);
                int kprobe__vfs_write(struct pt_regs *ctx, struct file *file, const char *buf, size_t count) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32;
                    u64 zero = 0, *sum = bytes.lookup_or_try_init(&pid, &zero);
                    if (sum)
                        *sum += count;
                    return 0;
                }
                """)) {
            int pid = (int) Workloads.command("dd if=/dev/zero of=/dev/null bs=123 count=100 status=none")
                    .pid();
            assertThat(bpf.hash("bytes", Integer.class, Long.class)).containsEntry(pid, 12_300L);
        }
    }

    @Test
    void manyProbesAttachAndDetach() {
        try (BPF bpf = BPF.fromSource(
                "BPF_HASH(hits, u64, u64); int hit(struct pt_regs *ctx) { hits.increment(PT_REGS_IP(ctx)); return 0; }")) {
            List<BpfLink> links = bpf.attachKprobes(Pattern.compile("vfs_.*"), "hit");
            int functions = links.getFirst().spec() instanceof KprobesSpec many
                    ? many.functions().size()
                    : links.size();
            assertThat(functions).isGreaterThan(30);
            assertThat(bpf.links()).hasSameSizeAs(links);
            Workloads.shell("cat /etc/passwd > /dev/null");
            Map<Long, Long> hits = bpf.hash("hits", Long.class, Long.class);
            assertThat(hits.size()).isBetween(3, functions);
        }
    }

    /** The child: attaches a kprobe and a named return probe, says so, waits to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            try (BPF bpf = BPF.fromSource("int f(struct pt_regs *ctx) { return 0; }")) {
                bpf.attachKprobe("vfs_read", "f");
                bpf.attach(new KprobeSpec("vfs_write", 0, true, 32), "f");
                System.out.println(bpf.links().size());
                new CountDownLatch(1).await();
            }
        }
    }

    private static List<String> kprobes() throws IOException {
        return Files.readAllLines(Path.of("/sys/kernel/debug/kprobes/list")).stream()
                .filter(l -> l.contains("vfs_read+") || l.contains("vfs_write+"))
                .toList();
    }

    @Test
    void aKilledProcessLeavesNoProbe() throws Exception {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("2");
            assertThat(kprobes()).hasSize(2);
        } finally {
            victim.destroyForcibly().waitFor();
        }
        // The kprobe itself ends with the process. A named one stays as a name, unused, until the next such attachment.
        assertThat(kprobes()).noneMatch(l -> l.contains("vfs_read+"));
        try (BPF bpf = BPF.fromSource("int f(struct pt_regs *ctx) { return 0; }")) {
            bpf.attach(new KprobeSpec("vfs_open", 0, true, 32), "f");
            assertThat(Files.readAllLines(Path.of("/sys/kernel/tracing/kprobe_events")))
                    .singleElement()
                    .asString()
                    .contains("vfs_open");
        }
    }
}

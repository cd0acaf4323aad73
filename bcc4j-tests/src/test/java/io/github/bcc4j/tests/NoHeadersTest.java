package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.kernel.Doctor;
import io.github.bcc4j.kernel.KernelHeaders;
import io.github.bcc4j.type.Unsigned;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where no kernel headers are to be seen, programs compile and load all the same. */
@Tag("native")
class NoHeadersTest {
    private static final String PROGRAM = """
            #include <uapi/linux/ptrace.h>
            #include <linux/sched.h>
            #include <linux/fs.h>
            #include <linux/mm_types.h>
            #include <net/sock.h>
            struct who { u32 parent; u32 threads; char comm[TASK_COMM_LEN]; };
            BPF_HASH(callers, u32, struct who);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                struct task_struct *task = (struct task_struct *)bpf_get_current_task();
                struct who who = {.parent = task->real_parent->tgid, .threads = task->signal->nr_threads};
                u32 pid = bpf_get_current_pid_tgid() >> 32;
                bpf_probe_read_kernel_str(&who.comm, sizeof(who.comm), task->comm);
                callers.update(&pid, &who);
                return 0;
            }
            int unused(struct pt_regs *ctx, struct sock *sk, struct file *file) {
                return sk->sk_family == AF_INET && file->f_mode & FMODE_READ;
            }
            """;

    record Who(@Unsigned int parent, @Unsigned int threads, String comm) {}

    /** What runs where no headers are. */
    static final class Blind {
        private Blind() {}

        public static void main(String[] args) {
            System.out.println(KernelHeaders.installed().size() + " header folders");
            Doctor.examine().findings().stream()
                    .filter(f -> f.area().equals("types") || f.area().equals("headers"))
                    .forEach(f -> System.out.println(f.area() + " " + f.status() + " " + f.what()));
            CompiledModule module = Compiler.compile(PROGRAM, CompilerOptions.DEFAULT);
            System.out.println(module.warnings().size() + " warnings");
            try (BPF bpf = BPF.load(module)) {
                int pid = (int) Workloads.getppids(1).pid();
                Map<Integer, Who> callers = bpf.hash("callers", Integer.class, Who.class);
                System.out.println(
                        callers.get(pid)
                                        .equals(new Who(
                                                (int) ProcessHandle.current().pid(), 1, "python3"))
                                ? "read what is so"
                                : callers.get(pid).toString());
            }
        }
    }

    @Test
    void programsThatReadTheKernelsStructsRun(@TempDir Path cache) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var done = Workloads.run(
                "unshare",
                "--mount",
                "sh",
                "-ec",
                "for d in /usr/src /lib/modules; do if [ -d $d ]; then mount -t tmpfs none $d; fi; done; exec \"$@\"",
                "-",
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-Dbcc4j.cache=" + cache,
                "-cp",
                System.getProperty("java.class.path"),
                Blind.class.getName());
        assertThat(done.lines())
                .hasSize(5)
                .startsWith("0 header folders")
                .anySatisfy(l -> assertThat(l)
                        .startsWith("types OK from the kernel's BTF, /sys/kernel/btf/vmlinux, ")
                        .endsWith("no header files are needed"))
                .contains("headers INFO none of this kernel", "0 warnings")
                .endsWith("read what is so");
    }
}

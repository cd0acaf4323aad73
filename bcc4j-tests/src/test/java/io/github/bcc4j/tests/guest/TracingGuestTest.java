package io.github.bcc4j.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfIterator;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.KprobesSpec;
import io.github.bcc4j.diagnostic.VerifierException;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.kernel.KernelVersion;
import io.github.bcc4j.tests.Workloads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Functions by their types, security hooks, iterators, many kprobes at once: on kernels that have them. */
@OnKernels({"6.1", "6.12"})
@Tag("vm")
public class TracingGuestTest {
    private static Map<Integer, Long> counts(BPF bpf, String table) {
        return bpf.hash(table, Integer.class, Long.class);
    }

    @Test
    void functionsAttachByTheirNames() {
        try (BPF bpf = BPF.fromSource("""
                BPF_HASH(entered, u32, u64);
                BPF_HASH(returned, u32, u64);
                KFUNC_PROBE(__x64_sys_getppid) {
                    entered.increment(bpf_get_current_pid_tgid() >> 32);
                    return 0;
                }
                KRETFUNC_PROBE(__x64_sys_getppid, struct pt_regs *regs, long parent) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32;
                    u64 p = parent;
                    returned.update(&pid, &p);
                    return 0;
                }
                """)) {
            assertThat(bpf.links())
                    .extracting(BpfLink::toString)
                    .containsExactlyInAnyOrder(
                            "kfunc____x64_sys_getppid at fentry:__x64_sys_getppid",
                            "kretfunc____x64_sys_getppid at fexit:__x64_sys_getppid");
            int pid = (int) Workloads.getppids(100).pid();
            assertThat(counts(bpf, "entered")).containsEntry(pid, 100L);
            assertThat(counts(bpf, "returned"))
                    .containsEntry(pid, ProcessHandle.current().pid());
        }
    }

    private static final String COUNT = """
            BPF_HASH(counts, u32, u64);
            BPF_PROG(count) {
                counts.increment(bpf_get_current_pid_tgid() >> 32);
                return 0;
            }
            int hit(struct pt_regs *ctx) {
                counts.increment(bpf_get_current_pid_tgid() >> 32);
                return 0;
            }
            int nothing(struct pt_regs *ctx) { return 0; }
            """;

    @Test
    void oneProgramOnSeveralFunctions() {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            BpfLink enter = bpf.attachFentry("__x64_sys_getppid", "count");
            bpf.attachFexit("__x64_sys_getppid", "count");
            bpf.attachFentry("vfs_fsync", "count");
            int pid = (int) Workloads.getppids(10).pid();
            assertThat(counts(bpf, "counts")).containsEntry(pid, 20L);
            enter.close();
            assertThat(counts(bpf, "counts"))
                    .containsEntry((int) Workloads.getppids(10).pid(), 10L);
        }
    }

    @Test
    void aFunctionOfAModule() {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            bpf.attachFentry("overlay:ovl_open", "count"); // the guest's root is an overlay
            String open = """
                    import os
                    for _ in range(%d): os.close(os.open("/etc/hostname", os.O_RDONLY))
                    """;
            long few = opened(bpf, open.formatted(10));
            assertThat(opened(bpf, open.formatted(60)) - few).isEqualTo(50);
            assertThatThrownBy(() -> bpf.attachFentry("overlay:ovl_opne", "count"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("this kernel has no function ovl_opne")
                    .hasMessageContaining("ovl_open");
        }
    }

    private static long opened(BPF bpf, String python) {
        return counts(bpf, "counts")
                .get((int) Workloads.run("/usr/bin/python3", "-c", python).pid());
    }

    private static final String NICE = """
            import os, errno
            for nice in (15, 16, 17):
                try: os.setpriority(os.PRIO_PROCESS, 0, nice); print("done")
                except OSError as e: print(errno.errorcode[e.errno])
            """;

    private static List<String> nice() {
        return Workloads.run("/usr/bin/python3", "-c", NICE).lines();
    }

    @Test
    void aResultIsGivenInTheFunctionsStead() {
        assertThat(nice()).containsExactly("done", "done", "done");
        try (BPF bpf = BPF.fromSource("""
                KMOD_RET(security_task_setnice, struct task_struct *p, int nice, int ret) { return nice == 16 ? -42 : 0; }
                BPF_PROG(zero) { return 0; }
                """)) {
            assertThat(bpf.links())
                    .extracting(BpfLink::toString)
                    .containsExactly("kmod_ret__security_task_setnice at fmod_ret:security_task_setnice");
            assertThat(nice()).containsExactly("done", "ENOMSG", "done");
            assertThatThrownBy(() -> bpf.attach(FentrySpec.modifyReturn("vfs_read"), "zero"))
                    .isInstanceOf(VerifierException.class)
                    .hasMessageContaining("not modifiable");
        }
        assertThat(nice()).containsExactly("done", "done", "done");
    }

    @Test
    void aSecurityHookDecides() {
        assertThat(Features.lsm().state()).as(Features.lsm().reason()).isNotEqualTo(Features.State.UNSUPPORTED);
        try (BPF bpf = BPF.fromSource("""
                LSM_PROBE(task_setnice, struct task_struct *p, int nice) { return nice == 17 ? -1 : 0; }
                """)) {
            assertThat(bpf.links())
                    .extracting(BpfLink::toString)
                    .containsExactly("lsm__task_setnice at lsm:task_setnice");
            assertThat(nice()).containsExactly("done", "done", "EPERM");
            assertThatThrownBy(() -> bpf.attachLsm("task_setnise", "lsm__task_setnice"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("this kernel has no hook task_setnise; there is task_setnice");
        }
        assertThat(nice()).containsExactly("done", "done", "done");
    }

    @Test
    void anIteratorWritesAboutEveryTask() {
        try (BPF bpf = BPF.fromSource("""
                BPF_ITER(task) {
                    struct seq_file *seq = ctx->meta->seq;
                    struct task_struct *task = ctx->task;
                    if (!task)
                        return 0;
                    char format[] = "%d %d\\n";
                    u64 arguments[] = { task->pid, task->tgid };
                    bpf_seq_printf(seq, format, sizeof(format), arguments, sizeof(arguments));
                    return 0;
                }
                """)) {
            BpfIterator tasks = bpf.iterator("task");
            assertThat(tasks.link()).hasToString("bpf_iter__task at iter:task");
            long pid = ProcessHandle.current().pid();
            List<String> before = tasks.lines();
            assertThat(before).contains("1 1", pid + " " + pid).doesNotHaveDuplicates();
            assertThat(before.stream().filter(l -> l.endsWith(" " + pid)).count())
                    .isGreaterThan(5); // a JVM's threads
            var done = Workloads.shell("true");
            assertThat(tasks.lines()).contains("1 1").doesNotContain(done.pid() + " " + done.pid());
        }
    }

    @Test
    void anIteratorWritesAboutTheElementsOfAMap() {
        try (BPF bpf = BPF.fromSource("""
                BPF_HASH(counts, u32, u64);
                BPF_ITER(bpf_map_elem) {
                    struct seq_file *seq = ctx->meta->seq;
                    u32 *key = ctx->key;
                    u64 *value = ctx->value;
                    if (!key || !value)
                        return 0;
                    char format[] = "%u=%llu\\n";
                    u64 arguments[] = { *key, *value };
                    bpf_seq_printf(seq, format, sizeof(format), arguments, sizeof(arguments));
                    return 0;
                }
                """)) {
            Map<Integer, Long> counts = counts(bpf, "counts");
            counts.putAll(Map.of(1, 10L, 2, 20L, 3, 1L << 40));
            BpfIterator elements = bpf.attachIterator(IteratorSpec.ofMap("counts"), "bpf_iter__bpf_map_elem");
            assertThat(elements.lines()).containsExactlyInAnyOrder("1=10", "2=20", "3=1099511627776");
            counts.remove(2);
            assertThat(elements.lines()).containsExactlyInAnyOrder("1=10", "3=1099511627776");
            elements.link().close();
            assertThatThrownBy(elements::lines).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> bpf.attachIterator(IteratorSpec.of("bpf_map_elem"), "bpf_iter__bpf_map_elem"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("bpf_map_elem wants the name of a hash or array map");
        }
    }

    /** Debian builds its kernels with kprobe.multi links since 6.12. */
    private static boolean expectsMulti() {
        return KernelVersion.current().isAtLeast(6, 12);
    }

    @Test
    void manyFunctionsThroughOneLink() {
        assertThat(Features.kprobeMulti().isSupported()).isEqualTo(expectsMulti());
        try (BPF bpf = BPF.fromSource(COUNT)) {
            List<String> functions = List.of("__x64_sys_getppid", "vfs_fsync");
            List<BpfLink> links = bpf.attachKprobes(functions, "hit");
            assertThat(links).hasSize(expectsMulti() ? 1 : 2);
            bpf.attachKretprobes(functions, "hit");
            int pid = (int) Workloads.getppids(40).pid();
            assertThat(counts(bpf, "counts")).containsEntry(pid, 80L);
            links.forEach(BpfLink::close);
            assertThat(counts(bpf, "counts"))
                    .containsEntry((int) Workloads.getppids(40).pid(), 40L);
        }
    }

    @Test
    void thousandsOfFunctionsInAMoment() {
        if (!expectsMulti()) {
            return; // one by one it takes minutes
        }
        try (BPF bpf = BPF.fromSource(COUNT)) {
            long start = System.nanoTime();
            List<BpfLink> links = bpf.attachKprobes(Pattern.compile("[a-e].*"), "nothing");
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(links).hasSize(1);
            assertThat(((KprobesSpec) links.getFirst().spec()).functions()).hasSizeGreaterThan(5000);
            assertThat(took).isLessThan(Duration.ofSeconds(20)); // an emulated processor
            links.getFirst().close();
            assertThat(bpf.links()).isEmpty();
        }
    }

    @Test
    void oneFunctionThatIsNotThereIsNamedAmongMany() {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            assertThatThrownBy(() -> bpf.attachKprobes(List.of("vfs_fsync", "no_such_fn", "vfs_read"), "hit"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("attach hit to p:no_such_fn")
                    .hasMessageContaining("this kernel has no function no_such_fn");
            assertThat(bpf.links()).isEmpty();
            if (expectsMulti()) {
                assertThatThrownBy(() -> bpf.attach(new KprobesSpec(List.of("vfs_fsync", "no_such_fn"), false), "hit"))
                        .isInstanceOf(AttachException.class)
                        .hasMessageContaining("attach hit to p:vfs_fsync,no_such_fn: ESRCH")
                        .hasMessageContaining("BPF.attachKprobes names it");
            }
            assertThat(bpf.attachKprobeFirst(List.of("no_such_fn", "__x64_sys_getppid", "vfs_read"), "hit"))
                    .hasToString("hit at p:__x64_sys_getppid");
            assertThatThrownBy(() -> bpf.attachKprobeFirst(List.of("no_such_fn", "vfs_raed"), "hit"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining(
                            "none of [no_such_fn, vfs_raed] can be probed: this kernel has no function" + " no_such_fn")
                    .hasMessageContaining("there is vfs_read");
        }
    }

    @Test
    void theBusiestTracepointCanBeSwitchedOnAndOffAllTheTime() {
        try (BPF bpf = BPF.fromSource(
                "BPF_ARRAY(switches, u64, 1); int on_switch(void *ctx) { switches.increment(0); return 0; }")) {
            for (int i = 0; i < 300; i++) {
                bpf.attachRawTracepoint("sched_switch", "on_switch").close();
            }
            bpf.attachRawTracepoint("sched_switch", "on_switch");
            Workloads.forks(3);
            assertThat(bpf.array("switches", Long.class).get(0)).isGreaterThanOrEqualTo(3);
        }
    }
}

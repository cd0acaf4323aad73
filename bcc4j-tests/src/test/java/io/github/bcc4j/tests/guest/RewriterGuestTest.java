package io.github.bcc4j.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.tests.Conforms;
import io.github.bcc4j.tests.Workloads;
import io.github.bcc4j.type.Unsigned;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Arguments of kernel functions and what lies behind them, where they are attached: each compared with another source. */
@OnKernels({"6.1", "6.12"})
@Tag("vm")
public class RewriterGuestTest {
    private static final String TEXT = """
            #include <linux/sched.h>
            #include <linux/fs.h>
            #include <linux/blk-mq.h>

            struct pair { u32 before; u32 now; };
            BPF_HASH(finished, struct pair, u64, 4096);
            BPF_HASH(switched, struct pair, u64, 4096);
            int on_finish(struct pt_regs *ctx, struct task_struct *before) {
                struct pair key = {};
                u64 zero = 0, *count;
                key.now = bpf_get_current_pid_tgid();
                key.before = before->pid;
                count = finished.lookup_or_try_init(&key, &zero);
                if (count)
                    lock_xadd(count, 1);
                return 0;
            }
            int on_switch(struct tracepoint__sched__sched_switch *args) {
                struct pair key = {};
                key.before = args->prev_pid;
                key.now = args->next_pid;
                switched.atomic_increment(key);
                return 0;
            }

            struct sum { size_t size; };
            BPF_HASH(allocated, u32, struct sum);
            BPF_HASH(requested, u32, struct sum);
            int on_kmalloc(struct pt_regs *ctx, size_t size) {
                u32 pid = bpf_get_current_pid_tgid() >> 32;
                struct sum zero = {}, *sum = allocated.lookup_or_try_init(&pid, &zero);
                if (sum)
                    sum->size += size;
                return 0;
            }
            TRACEPOINT_PROBE(kmem, kmalloc) {
                u32 pid = bpf_get_current_pid_tgid() >> 32;
                struct sum zero = {}, *sum = requested.lookup_or_try_init(&pid, &zero);
                if (sum)
                    sum->size += args->bytes_req;
                return 0;
            }

            struct opened { const char *name; int flags; int mode; char text[32]; };
            BPF_HASH(opens, u32, struct opened);
            int syscall__openat(struct pt_regs *ctx, int folder, const char *name, int flags, int mode) {
                u32 pid = bpf_get_current_pid_tgid() >> 32;
                struct opened o = {};
                o.name = name;
                o.flags = flags;
                o.mode = mode;
                bpf_probe_read_user_str(o.text, sizeof(o.text), o.name);
                opens.update(&pid, &o);
                return 0;
            }
            BPF_HASH(without_iter, u32, u64);
            int on_read(struct pt_regs *ctx, struct file *file) {
                u32 pid = bpf_get_current_pid_tgid() >> 32;
                if (!file->f_op->read_iter)
                    without_iter.increment(pid);
                return 0;
            }
            BPF_HASH(kept);
            void on_sync(struct pt_regs *ctx) {
                u64 key = 0, value = 2;
                kept.insert(&key, &value);
                key = 1;
                kept.update(&key, &value);
            }
            struct bpf_map;
            BPF_HASH(map);
            int on_delete(struct pt_regs *ctx, struct bpf_map *of, u64 *key) {
                map.increment(42, 5);
                map.atomic_increment(42, 5);
                return 0;
            }
            int kprobe__blk_update_request(struct pt_regs *ctx, struct request *rq) {
                bpf_trace_printk("%s\\n", rq->q->disk->disk_name);
                return 0;
            }
            """;

    private static BPF bpf;

    @BeforeAll
    static void load() {
        bpf = BPF.fromSource(TEXT);
    }

    @AfterAll
    static void close() {
        bpf.close();
    }

    @Test
    @Conforms("test_clang.py TestClang.test_char_array_probe")
    @Conforms("test_clang.py TestClang.test_arbitrary_increment_simple")
    void functionsWhoseNamesBeginSoAreAttached() {
        assertThat(bpf.links())
                .extracting(BpfLink::toString)
                .contains(
                        "kprobe__blk_update_request at p:blk_update_request",
                        "tracepoint__kmem__kmalloc at t:kmem:kmalloc");
        try (BpfLink link = bpf.attachKprobe("htab_map_delete_elem", "on_delete")) {
            assertThat(link).hasToString("on_delete at p:htab_map_delete_elem");
        }
    }

    record Pair(@Unsigned int before, @Unsigned int now) {}

    private static long to(String table, long pid) {
        return bpf.hash(table, Pair.class, Long.class).entrySet().stream()
                .filter(e -> e.getKey().now() == pid)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Test
    @Conforms("test_clang.py TestClang.test_task_switch")
    void everySwitchIsFinished() {
        List<BpfLink> finish = bpf.attachKprobes(Pattern.compile("finish_task_switch(\\.isra\\.\\d+)?"), "on_finish");
        BpfLink change = bpf.attachTracepoint("sched:sched_switch", "on_switch");
        long pid = Workloads.run("/usr/bin/python3", "-c", "import time\nfor i in range(30): time.sleep(0.001)")
                .pid();
        change.close();
        finish.forEach(BpfLink::close);
        assertThat(to("finished", pid)).isGreaterThanOrEqualTo(30).isEqualTo(to("switched", pid));
    }

    record Sum(long size) {}

    @Test
    @Conforms("test_clang.py TestClang.test_probe_simple_assign")
    void anArgumentIsAddedUp() {
        try (BpfLink link = bpf.attachKprobeFirst(List.of("__kmalloc_noprof", "__kmalloc"), "on_kmalloc")) {
            int pid = (int) Workloads.getppids(1).pid();
            assertThat(bpf.hash("allocated", Integer.class, Sum.class).get(pid).size())
                    .as(link.toString())
                    .isPositive()
                    .isLessThanOrEqualTo(bpf.hash("requested", Integer.class, Sum.class)
                            .get(pid)
                            .size());
        }
    }

    record Opened(int flags, int mode, String text) {}

    @Test
    @Conforms("test_clang.py TestClang.test_probe_struct_assign")
    void argumentsOfASystemCallAreThoseOfTheProcess() {
        try (BpfLink link = bpf.attachKprobe(BPF.syscallName("openat"), "syscall__openat")) {
            int pid = (int) Workloads.run(
                            "/usr/bin/python3",
                            "-c",
                            "import os\nos.open('/dev/null', os.O_WRONLY | os.O_CREAT, 0o640)")
                    .pid();
            assertThat(link.isAttached()).isTrue();
            Opened last = bpf.hash("opens", Integer.class, Opened.class).get(pid);
            assertThat(last).isEqualTo(new Opened(1 | 0100 | 02000000, 0640, "/dev/null")); // O_CLOEXEC is Python's
        }
    }

    private static long readsOfProc(int times) {
        int pid = (int)
                Workloads.run("/usr/bin/python3", "-c", """
                        import os
                        f = os.open("/proc/self/comm", os.O_RDONLY)
                        for i in range(%d): os.pread(f, 4, 0); os.lseek(f, 0, 0); os.read(f, 4)
                        """.formatted(times)).pid();
        return bpf.hash("without_iter", Integer.class, Long.class).get(pid);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_unary_operator")
    void anOperatorBeforeAMemberOfAnArgument() {
        try (BpfLink link = bpf.attachKprobe("vfs_read", "on_read")) {
            assertThat(readsOfProc(60) - readsOfProc(10)).as(link.toString()).isEqualTo(100);
        }
    }

    @Test
    @Conforms("test_clang.py TestClang.test_map_insert")
    void insertKeepsWhatIsThereAndUpdateDoesNot() {
        BpfHash<Long, Long> kept = bpf.hash("kept", Long.class, Long.class);
        kept.putAll(Map.of(0L, 1L, 1L, 1L));
        try (BpfLink link = bpf.attachKprobe(BPF.syscallName("sync"), "on_sync")) {
            Workloads.run("/usr/bin/python3", "-c", "import os; os.sync()");
            assertThat(kept).as(link.toString()).containsOnly(entry(0L, 1L), entry(1L, 2L));
        }
    }

    @Test
    @Conforms("test_clang.py TestClang.test_lsm_probe")
    void aHookOfSystemCallBpfSeesItsCommands() {
        try (BPF hook = BPF.fromSource("""
                BPF_HASH(commands, u64, u64);
                LSM_PROBE(bpf, int cmd, union bpf_attr *attributes, unsigned int size) {
                    u64 key = (bpf_get_current_pid_tgid() & 0xffffffff00000000) + cmd;
                    commands.atomic_increment(key);
                    return 0;
                }
                """)) {
            assertThat(hook.links()).extracting(BpfLink::toString).containsExactly("lsm__bpf at lsm:bpf");
            BpfHash<Long, Long> commands = hook.hash("commands", Long.class, Long.class);
            long lookup = (ProcessHandle.current().pid() << 32) + 1; // BPF_MAP_LOOKUP_ELEM
            long before = commands.get(lookup);
            assertThat(commands.get(lookup)).isEqualTo(before + 1);
            assertThat(commands.get(lookup)).isEqualTo(before + 2);
        }
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.ContainerFilter;
import io.github.bcc4j.table.BpfMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What users give is compared with what the kernel has: names and containers. Needs a bpf file system at /sys/fs/bpf. */
@Tag("native")
class UserTextTest {
    private static final String HOSTILE = "a\");}\\\n/*%s??/";
    private static final String COUNT = """
            BPF_ARRAY(hits, u64, 4);
            static inline void hit(int slot) { hits.increment(slot); }
            """;

    @Test
    void aTextIsFoundWhereItIsAndOnlyThere() {
        String text = COUNT + """
                TRACEPOINT_PROBE(syscalls, sys_enter_prctl) {
                    char name[32] = {}, small[4] = {};
                    bpf_probe_read_user_str(name, sizeof(name), (void *)args->arg2);
                    bpf_probe_read_user_str(small, sizeof(small), (void *)args->arg2);
                    if (args->option != 15) return 0;
                    if (HOSTILE(name)) hit(0);
                    if (PART(name)) hit(1);
                    if (UMLAUT(name)) hit(2);
                    if (HOSTILE(small)) hit(3);
                    return 0;
                }
                """;
        CompilerOptions options = CompilerOptions.DEFAULT
                .defineEquals("HOSTILE", HOSTILE)
                .defineEquals("PART", HOSTILE.substring(0, 5))
                .defineEquals("UMLAUT", "ä€");
        try (BPF bpf = BPF.fromSource(text, options)) {
            Workloads.run("/usr/bin/python3", "-c", """
                    import ctypes
                    libc = ctypes.CDLL(None)
                    for name in [b'a");}\\\\\\n/*%s??/', b'a");}\\\\\\n/*%s??', b'\\xc3\\xa4\\xe2\\x82\\xac', b'a");}']: libc.prctl(15, name, 0, 0, 0)
                    for _ in range(2): libc.prctl(15, b'a");}', 0, 0, 0)
                    """);
            assertThat(bpf.array("hits", Long.class).values()).containsExactly(1L, 3L, 1L, 0L);
        }
    }

    @Test
    void aPointerIsNoArray() {
        assertThatExceptionOfType(CompileException.class)
                .isThrownBy(() -> Compiler.compile(
                        "int f(void *ctx) { char *p = ctx; return IS(p); }",
                        CompilerOptions.DEFAULT.defineEquals("IS", "x")))
                .withMessageContaining("IS takes an array of characters, not a pointer")
                .withMessageContaining("/virtual/main.c:1");
    }

    private static final String ASK = """
            BPF_HASH(passed, u32, u64);
            BPF_HASH(cgroups, u32, u64);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                u32 pid = bpf_get_current_pid_tgid() >> 32;
                u64 id = bpf_get_current_cgroup_id();
                cgroups.update(&pid, &id);
                if (!container_should_be_filtered()) passed.increment(pid);
                return 0;
            }
            """;

    private static Map<Integer, Long> table(BPF bpf, String name) {
        return bpf.hash(name, Integer.class, Long.class);
    }

    @Test
    void onlyProcessesOfNamedContainersPass() throws Exception {
        Path folder = Path.of("/sys/fs/bpf");
        Path cgroups = folder.resolve("bcc4j-cg-" + ProcessHandle.current().pid());
        Path mounts = folder.resolve("bcc4j-mnt-" + ProcessHandle.current().pid());
        try (BPF byCgroup = BPF.fromSource(ContainerFilter.ofCgroups(cgroups).text() + ASK);
                BPF byMounts =
                        BPF.fromSource(ContainerFilter.ofMountNamespaces(mounts).text() + ASK)) {
            int stranger = (int) Workloads.getppids(3).pid();
            assertThat(table(byCgroup, "passed")).isEmpty();
            assertThat(table(byMounts, "passed")).isEmpty();
            try (BpfMap pinned = BpfMap.open(cgroups)) {
                pinned.hash(Long.class, Long.class)
                        .put(table(byCgroup, "cgroups").get(stranger), 1L);
            }
            try (BpfMap pinned = BpfMap.open(mounts)) {
                Object inode = Files.getAttribute(Path.of("/proc/self/ns/mnt"), "unix:ino");
                pinned.hash(Long.class, Integer.class).put((Long) inode, 1);
            }
            int member = (int) Workloads.getppids(5).pid();
            assertThat(table(byCgroup, "passed")).containsEntry(member, 5L);
            assertThat(table(byMounts, "passed")).containsEntry(member, 5L);
            int elsewhere = (int) Workloads.run("unshare", "-m", "/usr/bin/python3", "-c", "import os; os.getppid()")
                    .pid();
            assertThat(table(byCgroup, "passed")).containsEntry(elsewhere, 1L);
            assertThat(table(byMounts, "passed")).doesNotContainKey(elsewhere);
        } finally {
            Files.deleteIfExists(cgroups);
            Files.deleteIfExists(mounts);
        }
    }

    @Test
    void aPathThatWouldBeMoreThanAPathIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContainerFilter.ofCgroups(Path.of("/sys/fs/bpf/a\"b")))
                .withMessage("a map is pinned at an absolute path of letters, digits and any of _./@+-,"
                        + " not at \"/sys/fs/bpf/a\"b\"");
        assertThatIllegalArgumentException().isThrownBy(() -> ContainerFilter.ofMountNamespaces(Path.of("pinned")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContainerFilter.ofMountNamespaces(Path.of("/sys/fs/bpf/a\n")));
    }
}

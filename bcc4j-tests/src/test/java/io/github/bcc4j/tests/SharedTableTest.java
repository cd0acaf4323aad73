package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfQueue;
import io.github.bcc4j.table.BpfStackTraces;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables of one module that others use. */
@Tag("native")
class SharedTableTest {
    private static final String OWNER = """
            struct point { u32 x; u64 y; };
            BPF_TABLE_PUBLIC("hash", u32, struct point, points, 64);
            BPF_TABLE_SHARED("array", int, u64, counts, 4);
            BPF_QUEUE(a_queue, u64, 4);
            BPF_STACK_TRACE(stacks, 64);
            int own(void *ctx) { counts.increment(1); return 0; }
            """;

    private static final String USER = """
            // BPF_TABLE("extern", u32, u64, points, 64) in a comment is none
            struct point { u32 x; u64 y; };
            BPF_TABLE("extern", u32, struct point, points, 64);
            BPF_TABLE("extern", int, u64, counts, 4);
            BPF_QUEUESTACK("extern", a_queue, u64, 4, 0);
            BPF_TABLE("extern", int, struct bpf_stacktrace, stacks, 64);
            BPF_HASH(mine, u32, u64);
            int use(void *ctx) {
                u32 key = 7;
                struct point p = { .x = 1, .y = 2 };
                points.update(&key, &p);
                counts.increment(1);
                u64 n = 9;
                a_queue.push(&n, 0);
                return 0;
            }
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                u32 pid = bpf_get_current_pid_tgid() >> 32;
                u64 id = stacks.get_stackid(args, 0);
                mine.update(&pid, &id);
                return 0;
            }
            """;

    record Point(long x, long y) {}

    @Test
    @Conforms("test_clang.py TestClang.test_exported_maps")
    void whatOneModuleWritesTheOtherReads() {
        BPF owner = BPF.fromSource(OWNER);
        try (BPF user = BPF.fromSource(USER, CompilerOptions.DEFAULT, owner)) {
            BpfHash<Integer, Point> points = owner.hash("points", Integer.class, Point.class);
            BpfQueue<Long> queue = owner.queue("a_queue", Long.class);
            user.program("use", ProgramType.SOCKET_FILTER).testRun(new byte[64], 3);
            owner.program("own", ProgramType.SOCKET_FILTER).testRun(new byte[64], 4);
            assertThat(points).containsOnly(Map.entry(7, new Point(1, 2)));
            assertThat(owner.array("counts", Long.class).asList()).containsExactly(0L, 7L, 0L, 0L);
            assertThat(queue.drain()).containsExactly(9L, 9L, 9L);
            assertThat(user.hash("points", Integer.class, Point.class)).isEqualTo(points);
            assertThat(user.table("points").toString()).isEqualTo("{7={x=1, y=2}}");
            int pid = (int) Workloads.getppids(1).pid();
            BpfStackTraces stacks = owner.stackTraces("stacks");
            assertThat(stacks.addresses(
                            user.hash("mine", Integer.class, Long.class).get(pid)))
                    .isNotEmpty();
            assertThat(user.module().maps())
                    .filteredOn(m -> m.extern())
                    .extracting(m -> m.name())
                    .containsExactlyInAnyOrder("points", "counts", "a_queue", "stacks");
            owner.close(); // the tables live on with their user
            assertThat(user.array("counts", Long.class).get(1)).isEqualTo(7);
            user.program("use", ProgramType.SOCKET_FILTER).testRun(new byte[64]);
            assertThat(user.array("counts", Long.class).get(1)).isEqualTo(8);
        } finally {
            owner.close();
        }
    }

    @Test
    @Conforms("test_shared_table.py TestSharedTable.test_close_extern")
    void theOwnersTableOutlivesItsUser() {
        try (BPF owner = BPF.fromSource("BPF_TABLE_PUBLIC(\"array\", int, int, shared, 10);")) {
            try (BPF user =
                    BPF.fromSource("BPF_TABLE(\"extern\", int, int, shared, 10);", CompilerOptions.DEFAULT, owner)) {
                user.array("shared", Integer.class).set(1, 10);
                assertThat(user.array("shared", Integer.class)).hasSize(10);
            }
            assertThat(owner.array("shared", Integer.class).get(1)).isEqualTo(10);
            assertThat(owner.array("shared", Integer.class)).hasSize(10);
        }
    }

    @Test
    void aModuleIsAValueThatIsBoundWhenItIsLoaded() {
        try (BPF first = BPF.fromSource(OWNER);
                BPF second = BPF.load(first.module())) {
            CompiledModule module = Compiler.compile(USER, CompilerOptions.DEFAULT.withTablesOf(first.module()));
            try (BPF user = BPF.load(CompiledModule.fromBytes(module.toBytes()), second)) {
                user.program("use", ProgramType.SOCKET_FILTER).testRun(new byte[64]);
                assertThat(second.array("counts", Long.class).get(1)).isEqualTo(1);
                assertThat(first.array("counts", Long.class).get(1)).isZero();
            }
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BPF.load(module))
                    .withMessageContaining("\" is extern, and no other module with it was given")
                    .withMessageContaining("BPF.load(module, lender)");
        }
    }

    @Test
    void mistakesAreRefused() {
        try (BPF owner = BPF.fromSource(OWNER)) {
            assertThatExceptionOfType(CompileException.class)
                    .isThrownBy(() -> BPF.fromSource(
                            "int f(void *c) { return 0; }\nBPF_TABLE(\"extern\", u32, u64, nowhere, 10);\n",
                            CompilerOptions.DEFAULT,
                            owner))
                    .satisfies(e -> {
                        assertThat(e.diagnostics().getFirst().message()).isEqualTo("reference to undefined table");
                        assertThat(e.diagnostics().getFirst().line()).isEqualTo(2);
                    });
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> BPF.fromSource(
                            "BPF_TABLE(\"extern\", u32, u64, points, 10);\nint f(void *c) { return 0; }",
                            CompilerOptions.DEFAULT,
                            owner))
                    .withMessage(
                            "extern table \"points\" was declared with another shape: it has type 1, key 4 bytes, value"
                                    + " 16 bytes, the program wants type 1, key 4 bytes, value 8 bytes");
        }
    }
}

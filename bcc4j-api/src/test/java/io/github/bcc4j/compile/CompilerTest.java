package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What libbcc makes of texts. Needs libbcc and any kernel headers; no privilege but tracefs. */
@Tag("native")
class CompilerTest {
    private static CompiledModule compile(String source) {
        return Compiler.compile(source, CompilerOptions.DEFAULT);
    }

    @Test
    void aModuleHoldsWhatTheTextSays() {
        CompiledModule module = compile("""
                struct key { u32 pid; char comm[16]; };
                struct event { u64 ns; u32 pid; };
                BPF_HASH(counts_with_a_long_name, struct key, u64, 777);
                BPF_ARRAY(settings, int, 3);
                BPF_HISTOGRAM(dist);
                BPF_PERF_OUTPUT(events);
                int first(void *ctx) {
                    struct event e = {};
                    events.perf_submit(ctx, &e, sizeof(e));
                    return 0;
                }
                int another(void *ctx) {
                    struct key k = {};
                    counts_with_a_long_name.increment(k);
                    return 0;
                }
                """);
        assertThat(module.license()).isEqualTo("GPL");
        assertThat(module.programs()).extracting(ProgramSpec::name).containsExactly("another", "first");
        MapSpec counts = map(module, "counts_with_a_long_name");
        assertThat(List.of(counts.type(), counts.keySize(), counts.valueSize(), counts.maxEntries()))
                .containsExactly(1, 20, 8, 777);
        Btf btf = Btf.parse(module.btf());
        assertThat(btf.type(counts.btfKeyTypeId())).isInstanceOfSatisfying(Layout.Struct.class, s -> {
            assertThat(s.name()).isEqualTo("struct key");
            assertThat(s.members()).extracting(Layout.Member::name).containsExactly("pid", "comm");
        });
        assertThat(btf.type(counts.btfValueTypeId()).name()).isEqualTo("u64");
        assertThat(map(module, "settings").maxEntries()).isEqualTo(3);
        assertThat(map(module, "dist").maxEntries()).isEqualTo(64);
        assertThat(map(module, "events").eventFields()).containsExactly("ns#u64", "pid#u32");
        assertThat(btf.struct("event"))
                .hasValueSatisfying(s -> assertThat(s.size()).isEqualTo(16));
        assertThat(module.maps()).extracting(MapSpec::name).doesNotContain("__bcc4j_types");
    }

    private static MapSpec map(CompiledModule module, String name) {
        return module.maps().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void specialMapsKeepWhatMakesThemSpecial() {
        CompiledModule module = compile("""
                BPF_TABLE("array", int, u64, inner_table, 5);
                BPF_ARRAY_OF_MAPS(outer, "inner_table", 10);
                BPF_TABLE_PINNED("hash", u32, u64, pinned, 16, "/sys/fs/bpf/bcc4j-test/pinned");
                BPF_RINGBUF_OUTPUT(ring, 8);
                BPF_QUEUE(queue, u64, 9);
                int use(void *ctx) { return 0; }
                """);
        List<String> order = module.maps().stream().map(MapSpec::name).toList();
        MapSpec outer = map(module, "outer");
        assertThat(order.get(outer.innerMap())).isEqualTo("inner_table");
        assertThat(outer.innerMap()).isLessThan(order.indexOf("outer"));
        assertThat(map(module, "pinned").pinPath()).isEqualTo(Optional.of("/sys/fs/bpf/bcc4j-test/pinned"));
        assertThat(Path.of("/sys/fs/bpf/bcc4j-test")).doesNotExist();
        assertThat(map(module, "ring").maxEntries()).isEqualTo(8 * 4096);
        assertThat(map(module, "queue").keySize()).isZero();
    }

    @Test
    void everyInstructionIsOfAUserLine() {
        String source = """
                BPF_HASH(counts, u32, u64);
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid)
                {
                    u32 key = 7;
                    counts.increment(key);
                    return 0;
                }

                TRACEPOINT_PROBE(syscalls, sys_enter_getpid) { u32 key = 8; counts.increment(key); return 0; }

                int plain(struct pt_regs *ctx, int argument)
                {
                    u32 key = argument;
                    counts.increment(key);
                    return 0;
                }
                """;
        CompiledModule module = compile(source);
        assertThat(lines(module, "tracepoint__syscalls__sys_enter_getppid"))
                .isSubsetOf(0, 2, 3, 4, 5, 6, 7)
                .contains(5);
        assertThat(lines(module, "tracepoint__syscalls__sys_enter_getpid"))
                .isSubsetOf(0, 9)
                .contains(9);
        assertThat(lines(module, "plain")).isSubsetOf(0, 11, 12, 13, 14, 15, 16).contains(14);
        assertThat(quoted(module, "plain")).contains("counts.increment(key);");
    }

    private static List<Integer> lines(CompiledModule module, String program) {
        return records(module, program, "/virtual/main.c", r -> r[0]);
    }

    private static List<String> quoted(CompiledModule module, String program) {
        Btf btf = Btf.parse(module.btf());
        return records(module, program, "/virtual/main.c", r -> btf.string(r[1]));
    }

    private static <T> List<T> records(CompiledModule module, String program, String file, Function<int[], T> map) {
        ProgramSpec spec = module.programs().stream()
                .filter(p -> p.name().equals(program))
                .findFirst()
                .orElseThrow();
        Btf btf = Btf.parse(module.btf());
        ByteBuffer info = ByteBuffer.wrap(spec.lineInfo()).order(ByteOrder.LITTLE_ENDIAN);
        List<T> result = new ArrayList<>();
        for (int at = 0; at < info.capacity(); at += spec.lineInfoSize()) {
            if (btf.string(info.getInt(at + 4)).equals(file)) {
                result.add(map.apply(new int[] {info.getInt(at + 12) >>> 10, info.getInt(at + 8)}));
            }
        }
        return result;
    }

    @Test
    void aTypeThatThePreprocessorTakesAwayDoesNoHarmToTheOthers() {
        CompiledModule module = compile("""
                #ifdef NEVER
                struct gone { int x; };
                typedef struct { int x; } gone_t;
                #endif
                struct here { int x; };
                int f(void *ctx) { return 0; }
                """);
        assertThat(module.maps()).isEmpty();
        Btf btf = Btf.parse(module.btf());
        assertThat(btf.struct("here")).isPresent();
        assertThat(btf.struct("gone")).isEmpty();
    }

    @Test
    void packedAndNamelessStructsOfEventsAreInTheTypes() {
        CompiledModule module = compile("""
                typedef struct { u8 a; u64 b; } __attribute__((packed)) event_t;
                BPF_PERF_OUTPUT(events);
                int f(void *ctx) {
                    event_t e = {};
                    events.perf_submit(ctx, &e, sizeof(e));
                    return 0;
                }
                """);
        assertThat(map(module, "events").eventFields()).containsExactly("a#u8", "b#u64");
        assertThat(Btf.parse(module.btf()).named("event_t"))
                .hasValueSatisfying(t -> assertThat(t.size()).isEqualTo(9));
        assertThat(module.warnings()).noneMatch(w -> w.stage() == Diagnostic.Stage.FRONTEND);
    }

    @Test
    void tracepointsThatOnlyAMacroNamesAreFound() {
        CompiledModule module = compile("""
                #define ENTER(call) TRACEPOINT_PROBE(syscalls, sys_enter_##call)
                ENTER(getppid) { return args->__syscall_nr; }
                """);
        assertThat(module.programs())
                .extracting(ProgramSpec::name)
                .containsExactly("tracepoint__syscalls__sys_enter_getppid");
    }

    @Test
    void tracepointsOfAPartLeftOutNeedNotExist() {
        assertThat(compile(
                                "#if 0\nTRACEPOINT_PROBE(no, such) { return args->x; }\n#endif\nint f(void *ctx) { return 0; }")
                        .programs())
                .hasSize(1);
    }

    @Test
    void fieldsOfTracepointsAreThoseOfTheRunningKernel() {
        String text = "TRACEPOINT_PROBE(sched, sched_switch) { return args->prev_pid; }";
        assertThat(Compiler.compile(text, CompilerOptions.DEFAULT.withKernelRelease("5.99.0"))
                        .warnings())
                .anySatisfy(w -> {
                    assertThat(w.severity()).isEqualTo(Severity.WARNING);
                    assertThat(w.message())
                            .startsWith("the fields of sched:sched_switch are those of the running kernel ")
                            .endsWith(", and may be elsewhere in 5.99.0");
                });
        assertThat(compile(text).warnings())
                .noneSatisfy(w -> assertThat(w.message()).contains("may be elsewhere"));
    }

    @Test
    void theUsersOwnLineNumbersReachTheBytecode() {
        CompiledModule module =
                compile("#line 70 \"/My.java\"\nint f(void *ctx) {\n    bpf_trace_printk(\"x\");\n    return 0;\n}");
        Btf btf = Btf.parse(module.btf());
        assertThat(records(module, "f", "/My.java", r -> r[0]))
                .isSubsetOf(0, 70, 71, 72, 73)
                .contains(71);
        assertThat(records(module, "f", "/My.java", r -> btf.string(r[1]))).contains("bpf_trace_printk(\"x\");");
    }

    @Test
    void definesReachTheText() {
        CompiledModule module = Compiler.compile(
                """
                BPF_ARRAY(sized, u64, SIZE);
                int f(void *ctx) {
                    char hostile[] = TEXT;
                    return sizeof(hostile) + OFFSET;
                }
                """,
                CompilerOptions.DEFAULT.define("SIZE", 12).define("OFFSET", -3).defineString("TEXT", "\"; }\\ evil\n"));
        assertThat(module.maps().getFirst().maxEntries()).isEqualTo(12);
        ByteBuffer code =
                ByteBuffer.wrap(module.programs().getFirst().instructions()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(code.getInt(4)).isEqualTo("\"; }\\ evil\n".length() + 1 - 3);
    }

    @Test
    void dumpsShowTheStagesAndNothingElse() {
        String source =
                "#warning chatter\nBPF_HASH(h, u32, u64);\nint f(void *ctx) {\n    h.increment(1);\n    return 77;\n}";
        String ir = Compiler.dump(source, CompilerOptions.DEFAULT, Compiler.Dump.LLVM_IR);
        assertThat(ir).startsWith("; ModuleID = '/virtual/main.c'").contains("ret i32 77");
        assertThat(ir.split("; ModuleID")).hasSize(2);
        assertThat(Compiler.dump(source, CompilerOptions.DEFAULT, Compiler.Dump.REWRITTEN_SOURCE))
                .contains("bpf_map_lookup_elem")
                .contains("return 77;")
                .doesNotContain("clang -cc1")
                .doesNotContain("Running from kernel directory")
                .doesNotContain("warning: chatter");
        assertThat(Compiler.dump(source, CompilerOptions.DEFAULT, Compiler.Dump.DISASSEMBLY))
                .startsWith("Disassembly of function f\n")
                .contains("r0 = 77")
                .containsPattern("; +return 77;"); // the line beside it is its own
    }
}

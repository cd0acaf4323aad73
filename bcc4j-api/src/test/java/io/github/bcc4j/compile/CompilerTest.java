package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What libbcc makes of texts, good and bad. Needs libbcc and any kernel headers; no privilege but tracefs. */
@Tag("native")
class CompilerTest {
    private static CompiledModule compile(String source) {
        return Compiler.compile(source, CompilerOptions.DEFAULT);
    }

    private static CompileException refused(String source) {
        return catchThrowableOfType(CompileException.class, () -> compile(source));
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
        return records(module, program, r -> r[0]);
    }

    private static List<String> quoted(CompiledModule module, String program) {
        Btf btf = Btf.parse(module.btf());
        return records(module, program, r -> btf.string(r[1]));
    }

    private static <T> List<T> records(
            CompiledModule module, String program, java.util.function.Function<int[], T> map) {
        ProgramSpec spec = module.programs().stream()
                .filter(p -> p.name().equals(program))
                .findFirst()
                .orElseThrow();
        Btf btf = Btf.parse(module.btf());
        ByteBuffer info = ByteBuffer.wrap(spec.lineInfo()).order(ByteOrder.LITTLE_ENDIAN);
        List<T> result = new ArrayList<>();
        for (int at = 0; at < info.capacity(); at += spec.lineInfoSize()) {
            if (btf.string(info.getInt(at + 4)).equals("/virtual/main.c")) {
                result.add(map.apply(new int[] {info.getInt(at + 12) >>> 10, info.getInt(at + 8)}));
            }
        }
        return result;
    }

    @Test
    void aStructThatThePreprocessorTakesAwayDoesNoHarm() {
        CompiledModule module = compile("""
                #ifdef NEVER
                struct gone { int x; };
                #endif
                struct here { int x; };
                BPF_HASH(h, struct here, u64);
                int f(void *ctx) { return 0; }
                """);
        assertThat(module.maps()).extracting(MapSpec::name).containsExactly("h");
    }

    static Stream<Arguments> processKillers() {
        return Stream.of(
                Arguments.of(
                        "more than 512 bytes of stack",
                        "char b[600]; bpf_probe_read_kernel(b, sizeof(b), ctx); return b[5];",
                        "the function needs more than the 512 bytes of stack a BPF program has"),
                Arguments.of("float", "float x = bpf_ktime_get_ns(); return x * 1.5f;", "BPF has no floating point"),
                Arguments.of(
                        "signed division",
                        "long x = bpf_ktime_get_ns(), y = bpf_get_current_pid_tgid(); return x / y;",
                        "BPF has no signed division"),
                Arguments.of(
                        "variable-length array",
                        "u64 n = bpf_ktime_get_ns(); char b[n]; bpf_probe_read_kernel(b, n, ctx); return b[0];",
                        "BPF has no variable-length arrays"),
                Arguments.of(
                        "bad inline assembly",
                        "asm volatile(\"bogus r1\"); return 0;",
                        "the inline assembly is not valid BPF assembly"),
                Arguments.of(
                        "memcpy of unknown size",
                        "u64 n = bpf_ktime_get_ns(); char b[64], c[64]; bpf_probe_read_kernel(c, 64, ctx);"
                                + " __builtin_memcpy(b, c, n & 63); return b[3];",
                        "a memory operation of unknown or large size can't be expanded"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("processKillers")
    void whatEndsLlvmsProcessIsAnExceptionThatNamesTheCause(String name, String body, String cause) {
        CompileException e = refused("int fine(void *ctx) { return 0; }\nint f(void *ctx) { " + body + " }");
        assertThat(e).hasMessageStartingWith(cause);
        assertThat(e.hint()).isPresent();
        assertThat(e.diagnostics().getFirst().stage()).isEqualTo(Stage.BACKEND);
        assertThat(e.diagnostics()).allMatch(d -> d.line() == 0 || d.line() == 2);
    }

    @Test
    void errorsComeWithPositionFlagAndNotes() {
        CompileException e = refused("""
                int f(void *ctx) {
                    return undeclared;
                }
                int g(int x);
                int g(char *x) { return 0; }
                """);
        assertThat(e).hasMessageContaining("the C text has 2 errors:");
        Diagnostic first = e.diagnostics().getFirst();
        assertThat(first)
                .isEqualTo(new Diagnostic(
                        Stage.FRONTEND,
                        Severity.ERROR,
                        "/virtual/main.c",
                        2,
                        12,
                        "use of undeclared identifier 'undeclared'",
                        "",
                        List.of()));
        assertThat(e.diagnostics().get(1).notes()).singleElement().satisfies(n -> {
            assertThat(n.severity()).isEqualTo(Severity.NOTE);
            assertThat(n.line()).isEqualTo(4);
        });
    }

    @Test
    void warningsAreKeptWithTheModule() {
        assertThat(compile("int f(void *ctx) { return bpf_nosuch(1); }").warnings())
                .anySatisfy(w -> {
                    assertThat(w.severity()).isEqualTo(Severity.WARNING);
                    assertThat(w.flag()).isEqualTo("-Wimplicit-function-declaration");
                    assertThat(w.line()).isEqualTo(1);
                });
    }

    @Test
    void timeAndMemoryHaveLimits() {
        assertThatExceptionOfType(CompileException.class)
                .isThrownBy(() -> Compiler.compile(
                        "int f(void *ctx) { return 0; }", CompilerOptions.DEFAULT.withTimeLimit(Duration.ofMillis(30))))
                .withMessageContaining("the compile took longer than 30 ms and was stopped");
        assertThatExceptionOfType(CompileException.class)
                .isThrownBy(() -> Compiler.compile(
                        "int f(void *ctx) { return 0; }", CompilerOptions.DEFAULT.withMemoryLimit(1 << 20)))
                .withMessageContaining("the compile ran out of memory")
                .satisfies(e -> assertThat(e.diagnostics()).isNotEmpty());
    }

    @Test
    void missingHeadersAreListedWithTheInstallCommand() {
        assertThatExceptionOfType(MissingKernelHeadersException.class)
                .isThrownBy(() -> Compiler.compile(
                        "#include <linux/sched.h>\nint f(void *ctx) { return 0; }",
                        CompilerOptions.DEFAULT.withKernelRelease("5.99.0-1-nosuch")))
                .withMessageContaining("the headers of kernel 5.99.0-1-nosuch were not found. Tried:")
                .withMessageContaining("/lib/modules/5.99.0-1-nosuch/build: not there")
                .withMessageContaining("/usr/src/linux-headers-5.99.0-1-nosuch: not there")
                .withMessageContaining("it would compile and read wrong offsets")
                .withMessageContaining("apt-get install linux-headers-5.99.0-1-nosuch")
                .satisfies(e -> assertThat(e.diagnostics().getFirst().stage()).isEqualTo(Stage.SETUP));
    }

    @Test
    void aHeadersFolderWithoutHeadersIsRefused(@TempDir Path empty) {
        assertThatExceptionOfType(MissingKernelHeadersException.class)
                .isThrownBy(() -> Compiler.compile("", CompilerOptions.DEFAULT.withKernelHeaders(empty)))
                .withMessageContaining(empty + ": no include/linux/kconfig.h in it");
    }

    @Test
    void stableProgramsCompileWithAnyHeadersAndSaySo() {
        CompiledModule module = Compiler.compile(
                "#include <uapi/linux/ptrace.h>\nint f(struct pt_regs *ctx) { return PT_REGS_RC(ctx); }",
                CompilerOptions.DEFAULT.withKernelRelease("5.99.0-1-nosuch"));
        assertThat(module.warnings())
                .anySatisfy(w -> assertThat(w.message())
                        .startsWith("compiled with the headers of kernel ")
                        .contains("those of 5.99.0-1-nosuch are not here"));
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
    void compilesSideBySideGiveEqualModules() throws Exception {
        String source = "BPF_HASH(h, u32, u64);\nint f(void *ctx) { h.increment(1); return 0; }";
        CompiledModule alone = compile(source);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<CompiledModule>> tasks =
                    List.of(() -> compile(source), () -> compile(source), () -> compile(source), () -> compile(source));
            for (Future<CompiledModule> module : threads.invokeAll(tasks)) {
                assertThat(module.get()).isEqualTo(alone);
            }
        }
    }

    @Test
    void dumpsShowTheStages() {
        String source = "BPF_HASH(h, u32, u64);\nint f(void *ctx) { h.increment(1); return 77; }";
        assertThat(Compiler.dump(source, CompilerOptions.DEFAULT, Compiler.Dump.LLVM_IR))
                .contains("ret i32 77");
        assertThat(Compiler.dump(source, CompilerOptions.DEFAULT, Compiler.Dump.REWRITTEN_SOURCE))
                .contains("bpf_map_lookup_elem");
        assertThat(Compiler.dump(source, CompilerOptions.DEFAULT, Compiler.Dump.DISASSEMBLY))
                .contains("r0 = 77");
    }
}

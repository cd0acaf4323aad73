package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.compile.child.CompileChild;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a text, and what happens to a compile, comes back as data. Needs libbcc and any kernel headers. */
@Tag("native")
class CompileErrorsTest {
    private static CompiledModule compile(String source) {
        return Compiler.compile(source, CompilerOptions.DEFAULT);
    }

    private static CompileException refused(String source) {
        return catchThrowableOfType(CompileException.class, () -> compile(source));
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
    void whatLibbccItselfRefusesIsOfTheRewriter() {
        CompileException e = refused("BPF_TABLE(\"extern\", u32, u64, nowhere, 10);\nint f(void *ctx) { return 0; }");
        assertThat(e.diagnostics().getFirst()).satisfies(d -> {
            assertThat(d.stage()).isEqualTo(Stage.REWRITER);
            assertThat(d.message()).isEqualTo("reference to undefined table");
            assertThat(d.line()).isEqualTo(1);
        });
    }

    @Test
    void aWarningDoesNotPassForTheCause() {
        CompileException e = refused("#warning inline asm and floating point\nint f(void *ctx) { char b[600];"
                + " bpf_probe_read_kernel(b, sizeof(b), ctx); return b[5]; }");
        assertThat(e).hasMessageStartingWith("the function needs more than the 512 bytes of stack");
    }

    @Test
    void errorsBehindBranchesAndTracepointsAreOnTheirLine() {
        CompileException e = refused("""
                #ifdef OTHER
                int f(int *ctx) {
                #else
                int f(void *ctx) {
                #endif
                    return 0;
                }
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                    return 0;
                }
                int g(void *ctx) { return bad; }
                """);
        assertThat(e.diagnostics())
                .singleElement()
                .hasToString("/virtual/main.c:11:27: error: use of undeclared identifier 'bad'");
    }

    @Test
    void errorsAreTheSameWithTheCarrierOfTypesAndWithout() {
        assertThat(refused("struct s { int x; };\nint f(void *ctx) {\n    return 0;")
                        .diagnostics())
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.toString()).startsWith("/virtual/main.c:3:14: error: expected '}'");
                    assertThat(d.notes())
                            .singleElement()
                            .satisfies(n -> assertThat(n.line()).isEqualTo(2));
                });
    }

    @Test
    void aTracepointThatIsNotThereIsNamedAtItsUse() {
        CompileException e = refused(
                "int g(void *ctx) { return 0; }\nTRACEPOINT_PROBE(task, sched_switch) {\n    return args->prev_pid;\n}");
        assertThat(e).hasMessageStartingWith("this kernel has no tracepoint task:sched_switch:\n");
        assertThat(e.hint()).contains("there is sched:sched_switch");
        assertThat(e.diagnostics().getFirst())
                .isEqualTo(new Diagnostic(
                        Stage.SETUP,
                        Severity.FATAL,
                        "/virtual/main.c",
                        3,
                        16,
                        "this kernel has no tracepoint task:sched_switch",
                        "",
                        List.of()));
    }

    @Test
    void aNulCharacterIsRefusedWhereItIs() {
        assertThat(refused("int f(void *ctx) { return 0; }\n  \0int lost;"))
                .hasMessage("the C text has a NUL character, where it would end for the compiler:\n"
                        + "  /virtual/main.c:2:3: fatal error: the C text has a NUL character, where it would end for the"
                        + " compiler");
    }

    @Test
    void deepTextsCompile() {
        String text = "int f(void *ctx) { u64 x = bpf_ktime_get_ns(); return " + "x + ".repeat(5_000) + "x; }";
        assertThat(compile(text).programs()).hasSize(1);
    }

    /** Macros that take hours to come to nothing. */
    static String endless() {
        StringBuilder text = new StringBuilder("#define M0\n");
        for (int i = 1; i < 12; i++) {
            text.append("#define M")
                    .append(i)
                    .append((" M" + (i - 1)).repeat(8))
                    .append('\n');
        }
        return text + "M11\nint f(void *ctx) { return 0; }";
    }

    @Test
    void timeHasALimit() {
        assertThatExceptionOfType(CompileException.class)
                .isThrownBy(() ->
                        Compiler.compile(endless(), CompilerOptions.DEFAULT.withTimeLimit(Duration.ofMillis(1500))))
                .withMessage("the compile took longer than 1500 ms and was stopped" + System.lineSeparator()
                        + "  hint: raise CompilerOptions.withTimeLimit")
                .satisfies(e -> assertThat(e.diagnostics().getFirst().stage()).isEqualTo(Stage.PROCESS));
    }

    @Test
    void memoryHasALimit() {
        assertThatExceptionOfType(CompileException.class)
                .isThrownBy(() -> Compiler.compile(
                        "int f(void *ctx) { return 0; }", CompilerOptions.DEFAULT.withMemoryLimit(1 << 20)))
                .withMessageStartingWith("the compile ran out of memory:\n")
                .satisfies(e -> assertThat(e.hint()).contains("raise CompilerOptions.withMemoryLimit"));
    }

    /** The next compile process of this JVM that is seen. */
    private static ProcessHandle newChild() throws InterruptedException {
        while (true) {
            Optional<ProcessHandle> child = ProcessHandle.current()
                    .children()
                    .filter(p -> p.info().arguments().stream()
                            .flatMap(Arrays::stream)
                            .anyMatch(CompileChild.class.getName()::equals))
                    .findFirst();
            if (child.isPresent()) {
                return child.get();
            }
            Thread.sleep(5);
        }
    }

    @Test
    void theEndOfTheCompileProcessBySignalIsNoticed() throws Exception {
        FutureTask<CompileException> compile = new FutureTask<>(() -> refused(endless()));
        Thread.ofPlatform().start(compile);
        assertThat(newChild().destroyForcibly()).isTrue();
        assertThat(compile.get())
                .hasMessageStartingWith(
                        "the compile process was killed (SIGKILL), by the kernel's out-of-memory killer or by somebody.");
    }

    @Test
    void interruptionStopsTheCompile() throws Exception {
        FutureTask<CompileException> compile = new FutureTask<>(() -> {
            CompileException e = refused(endless());
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            return e;
        });
        Thread thread = Thread.ofPlatform().start(compile);
        ProcessHandle child = newChild();
        thread.interrupt();
        assertThat(compile.get()).hasMessage("the compile was interrupted");
        assertThat(child.onExit().get()).isSameAs(child);
    }

    @Test
    void aMissingLibraryIsNamedWithItsInstallCommand() {
        System.setProperty("bcc4j.libbcc", "/nosuch/libbcc.so.0");
        try {
            assertThat(refused("int f;"))
                    .hasMessageContaining("libbcc can't be used")
                    .hasMessageContaining("/nosuch/libbcc.so.0")
                    .hasMessageContaining("libbpfcc");
        } finally {
            System.clearProperty("bcc4j.libbcc");
        }
    }
}

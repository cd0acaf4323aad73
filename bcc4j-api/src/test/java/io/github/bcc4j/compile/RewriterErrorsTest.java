package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What bcc's dialect forbids beyond C, and what it warns of. */
@Tag("native")
class RewriterErrorsTest {
    private static CompileException refused(String source) {
        return catchThrowableOfType(CompileException.class, () -> Compiler.compile(source, CompilerOptions.DEFAULT));
    }

    private static void assertRefused(String source, Stage stage, String diagnostic) {
        CompileException e = refused(source);
        assertThat(e).hasMessageContaining("the C text has an error:\n  " + diagnostic);
        assertThat(e.diagnostics().getFirst()).hasToString(diagnostic);
        assertThat(e.diagnostics().getFirst().stage()).isEqualTo(stage);
    }

    @Test
    void formatsThatTheKernelCanNotPrintAreWarnedOf() {
        CompiledModule module = Compiler.compile("""
                int a_fraction(void *ctx) {
                    bpf_trace_printk("%0.2f\\n", 1);
                    return 0;
                }
                int a_double(void *ctx) {
                    bpf_trace_printk("%lf\\n", 1);
                    return 0;
                }
                int two_texts(void *ctx) {
                    char a[] = "hello", b[] = "world";
                    bpf_trace_printk("%s %s\\n", a, b);
                    return 0;
                }
                int fine(void *ctx) {
                    bpf_trace_printk("%d %llx %p\\n", 1, 2LL, ctx);
                    return 0;
                }
                """, CompilerOptions.DEFAULT);
        String only = "only %d %u %x %ld %lu %lx %lld %llu %llx %p %s conversion specifiers allowed";
        assertThat(module.programs()).hasSize(4);
        assertThat(module.warnings())
                .extracting(Diagnostic::stage, Diagnostic::severity, Diagnostic::line, Diagnostic::message)
                .containsExactly(
                        tuple(Stage.REWRITER, Severity.WARNING, 2, only),
                        tuple(Stage.REWRITER, Severity.WARNING, 6, only),
                        tuple(Stage.REWRITER, Severity.WARNING, 11, "cannot use several %s conversion specifiers"));
    }

    @Test
    void aFunctionHasSixArgumentsAtMostAndAllHaveNames() {
        String head = "int many(struct pt_regs *ctx, int a, int b, int c, int d, int e, int f";
        assertThat(Compiler.compile(head + ") { return f; }", CompilerOptions.DEFAULT)
                        .programs())
                .hasSize(1);
        assertRefused(
                head + ", int g) { return 0; }",
                Stage.REWRITER,
                "/virtual/main.c:1:73: error: too many arguments, bcc only supports in-register parameters");
        assertThat(refused("int f(struct pt_regs *ctx, int) { return 0; }").diagnostics())
                .first()
                .hasToString("/virtual/main.c:1:28: error: arguments to BPF program definition must be named");
    }

    @Test
    void functionsThatOthersCallAreStatic() {
        assertRefused("""
                int five(void) {
                    return 5;
                }
                int f(struct pt_regs *ctx) {
                    return five();
                }
                """, Stage.REWRITER, "/virtual/main.c:5:12: error: cannot call non-static helper function");
    }

    @Test
    void aTypeIsDefinedBeforeATableHasIt() {
        CompileException unknown = refused("BPF_HASH(drops, struct place_of_ours);\nstruct place_of_ours { u64 x; };");
        assertThat(unknown.diagnostics().getFirst().toString())
                .startsWith("/virtual/main.c:1:1: error: field has incomplete type 'struct place_of_ours'");
        // The kernel has one of this name, too, which does not help.
        CompileException known = refused("BPF_HASH(drops, struct key);\nstruct key { u64 place; };");
        assertThat(known.diagnostics())
                .singleElement()
                .satisfies(d -> assertThat(d.toString())
                        .startsWith("/virtual/main.c:1:1: error: field has incomplete type 'struct key'"));
    }

    @Test
    void syntaxErrorsAreWhereTheyAre() {
        assertRefused(
                "int failure(void *ctx) {\n    if (); return 0; }",
                Stage.FRONTEND,
                "/virtual/main.c:2:9: error: expected expression");
    }

    @Test
    void flagsReachThePreprocessor() {
        String text = "#ifndef LIMIT\n#error \"no limit\"\n#define LIMIT 0\n#endif\nint f(void *ctx) { return LIMIT; }";
        assertRefused(text, Stage.FRONTEND, "/virtual/main.c:2:2: error: \"no limit\"");
        CompiledModule module = Compiler.compile(text, CompilerOptions.DEFAULT.withFlags("-DLIMIT=77"));
        assertThat(module.programs().getFirst().instructions()).startsWith(new byte[] {(byte) 0xb7, 0, 0, 0, 77});
    }
}

package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceTextTest {
    private static final String NAME = "/virtual/main.c";

    private static String prepared(String source) {
        return new SourceText(source, NAME).prepared(false);
    }

    @Test
    void linesAreGivenBackAfterEachBlockOfFileScopeBeginsOrEnds() {
        assertThat(prepared("int a;\nint f(void)\n{\n    return 1;\n}\nint b;")).isEqualTo("""
                        #line 1 "/virtual/main.c"
                        int a;
                        int f(void)
                        {
                        #line 4 "/virtual/main.c"
                            return 1;
                        }
                        #line 6 "/virtual/main.c"
                        int b;
                        """);
    }

    @Test
    void aBodyOnTheLineOfItsHeadKeepsItsColumns() {
        assertThat(prepared("int f(void) { return 1; }")).isEqualTo("""
                        #line 1 "/virtual/main.c"
                        int f(void) {
                        #line 1 "/virtual/main.c"
                                      return 1; }
                        #line 2 "/virtual/main.c"
                        """);
    }

    @Test
    void commentsStringsAndDirectivesAreLeftAlone() {
        String source = "// {\n/* {\n { */\nchar *s = \"{ \\\" {\";\n#define F(x) { x }\n#define G \\\n{ 1 }\nint a;";
        assertThat(prepared(source)).isEqualTo("#line 1 \"/virtual/main.c\"\n" + source + "\n");
    }

    @Test
    void noLineIsGivenBackInsideAComment() {
        assertThat(prepared("struct s {\n int x;\n}; /* a\n b */ int y;")).isEqualTo("""
                        #line 1 "/virtual/main.c"
                        struct s {
                        #line 2 "/virtual/main.c"
                         int x;
                        }; /* a
                         b */ int y;
                        """);
    }

    @Test
    void tracepointsAreFound() {
        SourceText text = new SourceText("""
                TRACEPOINT_PROBE(sched, sched_switch) { return 0; }
                int f(struct tracepoint__syscalls__sys_enter_open *args) { return 0; }
                // TRACEPOINT_PROBE(not, this)
                """, NAME);
        assertThat(text.tracepoints()).containsExactly("sched/sched_switch", "syscalls/sys_enter_open");
    }

    @Test
    void structsOfFileScopeAreCarried() {
        SourceText text = new SourceText(
                "struct outer { struct inner { int x; } i; };\nint f(void) { struct local { int y; } l; return 0; }\nstruct last {\n int z; };",
                NAME);
        assertThat(text.prepared(true))
                .contains("union __bcc4j_types_u { char none; struct outer t0; struct last t1; };");
    }

    @Test
    void includesAreStableOrNot() {
        assertThat(new SourceText("#include <uapi/linux/ptrace.h>\n#include <linux/types.h>", NAME)
                        .includesStableOnly())
                .isTrue();
        assertThat(new SourceText("int x;", NAME).includesStableOnly()).isTrue();
        assertThat(new SourceText("// #include <linux/sched.h>", NAME).includesStableOnly())
                .isTrue();
        assertThat(new SourceText("#include <linux/sched.h>", NAME).includesStableOnly())
                .isFalse();
        assertThat(new SourceText(" # include \"mine.h\"", NAME).includesStableOnly())
                .isFalse();
    }
}

package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceTextTest {
    private static final String NAME = "/virtual/main.c";

    private static String prepared(String source) {
        return new SourceText(source, NAME).prepared(Optional.empty());
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
    void branchesOfConditionsAreEquallyDeep() {
        String source = "#ifdef A\nint f(int a) {\n#else\nint f(long a) {\n#endif\n return 0;\n}\nint b;";
        assertThat(prepared(source)).endsWith("}\n#line 8 \"/virtual/main.c\"\nint b;\n");
    }

    @Test
    void theUsersOwnNumbersAreKept() {
        String source = "int a;\n#line 70 \"/My.java\"\nint f(void)\n{\n}\n# 90\nint g(void)\n{\n}";
        assertThat(prepared(source)).isEqualTo("""
                        #line 1 "/virtual/main.c"
                        int a;
                        #line 70 "/My.java"
                        int f(void)
                        {
                        #line 72 "/My.java"
                        }
                        #line 73 "/My.java"
                        # 90
                        int g(void)
                        {
                        #line 92 "/My.java"
                        }
                        #line 93 "/My.java"
                        """);
    }

    @Test
    void aBackslashAtTheEndCarriesNothingOfOursOn() {
        assertThat(prepared("int f(void)\n{\n} \\")).endsWith("} \\\n\n");
    }

    @Test
    void typesOfFileScopeAreCarried() {
        SourceText text = new SourceText("""
                struct outer { struct inner { int x; } i; };
                int f(void) { struct local { int y; } l; return 0; }
                struct last {
                 int z; };
                typedef struct { int a; } anonymous_t;
                typedef struct both { int a; } __attribute__((packed)) both_t, *both_p;
                struct __attribute__((packed)) attributed { int a; };
                union choice { int a; long b; };
                struct declared;
                struct { int a; } variable;
                typedef struct outer outer_t;
                #define MACRO struct expanded { int a; }
                // struct commented { int a; };
                """, NAME);
        assertThat(text.types())
                .containsExactly(
                        "struct outer",
                        "struct last",
                        "anonymous_t",
                        "struct both",
                        "both_t",
                        "struct attributed",
                        "union choice");
        assertThat(text.prepared(Optional.of(text.types())))
                .contains("union __bcc4j_types_u { char none; struct outer t0; struct last t1; anonymous_t t2;");
    }

    private static boolean fitsAnyKernel(String source) {
        return new SourceText(source, NAME).fitsAnyKernel();
    }

    @Test
    void textsOfTheUserSpaceInterfaceFitAnyKernel() {
        assertThat(fitsAnyKernel("int x;")).isTrue();
        assertThat(fitsAnyKernel("#include <uapi/linux/ptrace.h>\n#include <linux/types.h>"))
                .isTrue();
        assertThat(fitsAnyKernel("#include <uapi/linux/ptrace.h>\nint f(struct pt_regs *c, struct file *unseen);"))
                .isTrue();
        assertThat(fitsAnyKernel("// #include <linux/sched.h>")).isTrue();
    }

    @Test
    void textsWithHeadersThatChangeDoNot() {
        assertThat(fitsAnyKernel("#include <linux/sched.h>")).isFalse();
        assertThat(fitsAnyKernel(" # include \"mine.h\"")).isFalse();
        assertThat(fitsAnyKernel("#define H <linux/sched.h>\n#include H")).isFalse();
    }

    @Test
    void headersThatHoldBothFitAsLongAsNothingThatChangesIsNamed() {
        assertThat(
                        fitsAnyKernel(
                                "#include <linux/ptrace.h>\nstruct mine { int x; };\nint f(struct pt_regs *c, struct mine *m);"))
                .isTrue();
        assertThat(fitsAnyKernel("#include <linux/tcp.h>\nint f(struct xdp_md *c) { struct tcphdr h; return 0; }"))
                .isTrue();
        assertThat(fitsAnyKernel("#include <linux/tcp.h>\nint f(struct pt_regs *c, struct tcp_sock *s);"))
                .isFalse();
        assertThat(fitsAnyKernel(
                        "#include <linux/ptrace.h>\nint f(void *c) { return ((struct task_struct *)c)->pid; }"))
                .isFalse();
    }
}

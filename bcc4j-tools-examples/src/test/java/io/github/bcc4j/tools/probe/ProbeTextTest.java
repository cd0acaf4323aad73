package io.github.bcc4j.tools.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.tools.probe.ProbeSpec.Kind;
import io.github.bcc4j.tools.probe.ProbeSpec.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users write for trace, argdist and funccount: places, predicates, formats; and what must never become C. */
class ProbeTextTest {
    @ParameterizedTest
    @CsvSource({
        "vfs_read, ENTRY, '', vfs_read, 0",
        "p::vfs_read, ENTRY, '', vfs_read, 0",
        "p:vfs_read, ENTRY, '', vfs_read, 0",
        ":vfs_read, ENTRY, '', vfs_read, 0",
        "vfs_read+0x10, ENTRY, '', vfs_read, 16",
        "r::do_sys_open, RETURN, '', do_sys_open, 0",
        "c:malloc, ENTRY, c, malloc, 0",
        "r:c:malloc, RETURN, c, malloc, 0",
        "p:/usr/lib/libm.so.6:sin, ENTRY, /usr/lib/libm.so.6, sin, 0",
        "t:sched:sched_switch, TRACEPOINT, sched, sched_switch, 0",
        "u:pthread:mutex_entry, USDT, pthread, mutex_entry, 0",
        "u:/bin/node:node:http__server__request, USDT, /bin/node, http__server__request, 0",
        "finish_task_switch.isra.0, ENTRY, '', finish_task_switch.isra.0, 0"
    })
    void places(String text, Kind kind, String library, String function, long offset) {
        assertThat(ProbeSpec.parse(text)).isEqualTo(new ProbeSpec(kind, library, function, offset, List.of()));
    }

    @Test
    void signatures() {
        assertThat(ProbeSpec.parse("vfs_open(const struct path *path, unsigned int n, u64 **p)")
                        .signature())
                .containsExactly(
                        new Parameter("const struct path *", "path"),
                        new Parameter("unsigned int", "n"),
                        new Parameter("u64 **", "p"));
        assertThat(ProbeSpec.parse("schedule()").signature()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p::",
                "t:sched_switch",
                "u:probe",
                "t:sched:sched_switch+4",
                "t:a/b:c",
                "t:sched:a.b",
                "f+0xffffffffffffffffff",
                "f+010",
                "p:a b:c",
                "p:li\"b:f",
                "f(int)",
                "f(int a; int b)",
                "f(int a",
                "f(void (*g)(void))",
                "f(int a, int b, int c, int d, int e, int f, int g)",
                "f){}int evil(void",
                "p::f\nint evil",
                "p::f#define"
            })
    void noPlaces(String text) {
        assertThatThrownBy(() -> ProbeSpec.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arg1 > 5 && arg2 != 0x1f | (PT_REGS_PARM1(ctx) > 5 && PT_REGS_PARM2(ctx) != 0x1f )",
                "(unsigned char)arg1 == 'x' | (( unsigned char ) PT_REGS_PARM1(ctx) == 120 )",
                "((struct file *)arg1)->f_flags & 64 | (( ( struct file * ) PT_REGS_PARM1(ctx) ) -> f_flags & 64 )",
                "a.b[3].c ? -1 : ~2 | (p_a . b [ 3 ] . c ? - 1 : ~ 2 )",
                "sizeof(struct sock) | (sizeof ( struct sock ) )"
            })
    void expressions(String text, String c) {
        Generated place = Generated.of(ProbeSpec.parse("f(struct x a)"), 0);
        assertThat(place.c(Expression.parse(text))).isEqualTo(c);
    }

    @Test
    void textsAreComparedAsNumbers() {
        Generated place = Generated.of(ProbeSpec.parse("c:open"), 0);
        String c = place.c(Expression.parse("STRCMP(\"a\\\"; evil(\", arg1) && arg2"));
        assertThat(c)
                .doesNotContain("evil")
                .contains("text[0] == 97", "bpf_probe_read_user_str")
                .endsWith("&& PT_REGS_PARM2(ctx) )");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1); } int evil(void) { return 1; } int x(",
                "evil()",
                "(evil)(1)",
                "((int (*)(int))arg1)(5)",
                "arg1 = 5",
                "arg1++ , 2",
                "arg1; arg2",
                "\"text\"",
                "asm(\"int3\")",
                "__builtin_trap",
                "bpf_probe_write_user",
                "({ goto x; })",
                "/* comment */ 1",
                "1 // comment",
                "1 \\\n 2",
                "#define x 1",
                "arg1[",
                "(arg1",
                "arg1)",
                "",
                "a `b`",
                "'\\''",
                "STRCMP(arg1, \"x\")",
                "STRCMP(\"x\")",
                "$nosuch",
                "nosuch",
                "retval",
                "args->x",
                "typeof(arg1)",
                "arg1 @user",
                "_Pragma",
                "\u00e4"
            })
    void noExpressions(String text) {
        Generated place = Generated.of(ProbeSpec.parse("f(int a)"), 0);
        assertThatThrownBy(() -> place.c(Expression.parse(text))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aParameterIsNotMistakenForWhatIsInTheFunctionAnyway() {
        Generated place = Generated.of(ProbeSpec.parse("f(char *text, int e)"), 0);
        assertThat(place.head()).isEqualTo("int probe_0(struct pt_regs *ctx, char * p_text, int p_e) {\n");
        assertThat(place.c(Expression.parse("STRCMP(\"x\", text) && e"))).contains("(void *)(p_text )", "&& p_e ");
    }

    @Test
    void parametersOfSystemCallsAreWhereTheProcessPutThem() {
        Generated call = Generated.of(ProbeSpec.parse("p::__x64_sys_openat"), 0);
        assertThat(call.name()).isEqualTo("syscall__probe_0");
        assertThat(call.c(Expression.parse("arg4")))
                .contains("PT_REGS_PARM4_SYSCALL((struct pt_regs *)PT_REGS_PARM1(ctx))");
        assertThat(call.c(Expression.parse("arg3"))).contains("PT_REGS_PARM3((struct pt_regs *)PT_REGS_PARM1(ctx))");
        Distribution distribution = Distribution.parse(
                "r::__x64_sys_read(int fd, void *buf, size_t count):u64:$entry(count)", 0, false, 80);
        assertThat(distribution.entry().getFirst().name()).isEqualTo("syscall__entry_0");
        assertThat(distribution.c()).contains("at.e_count = (u64)p_count;", "size_t e_count = (size_t)at->e_count;");
    }

    @Test
    void messages() {
        TracePoint point = TracePoint.parse("r::f (retval > 0) \"got 100%% %-5d|%s\\n\", retval, $task", 3, 80);
        assertThat(point.c(false, false))
                .contains("struct event_3 {", "int probe_3(struct pt_regs *ctx) {", "if (!(PT_REGS_RC(ctx) > 0 ))")
                .contains("e->v0 = (u64)(s32)(PT_REGS_RC(ctx) );")
                .doesNotContain("100%")
                .doesNotContain("get_stackid");
        assertThatThrownBy(() -> TracePoint.parse("f \"%d\"", 0, 80))
                .hasMessage("the format has more conversions than there are expressions: \"%d\"");
        assertThatThrownBy(() -> TracePoint.parse("f \"x\", arg1", 0, 80))
                .hasMessage("the format has fewer conversions than there are expressions: \"x\", arg1");
        assertThatThrownBy(() -> TracePoint.parse("f \"%d\" arg1", 0, 80))
                .hasMessageStartingWith("a comma stands between");
        assertThatThrownBy(() -> TracePoint.parse("f }", 0, 80)).hasMessageStartingWith("after the place stand");
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.Diagnostic;
import io.github.bcc4j.diagnostic.VerifierException;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.type.LayoutMismatchException;
import io.github.bcc4j.type.Unsigned;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a user sees when something is refused, by the compiler, the verifier, the kernel or the binder. */
@OnKernels({OnKernels.HERE, "6.1", "6.12"})
@Tag("native")
class RefusalTest {
    @Test
    void aSyntaxErrorIsAtItsLine() {
        assertThatExceptionOfType(CompileException.class)
                .isThrownBy(() -> BPF.fromSource("""
                        BPF_HASH(counts, u32, u64);
                        TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                            u64 x = 1
                            return 0;
                        }
                        """))
                .satisfies(e -> assertThat(e.diagnostics().getFirst()).satisfies(d -> {
                    assertThat(d.severity()).isEqualTo(Diagnostic.Severity.ERROR);
                    assertThat(d.line()).isEqualTo(3);
                    assertThat(d.column()).isEqualTo(14);
                    assertThat(d.message()).isEqualTo("expected ';' at end of declaration");
                }));
    }

    @Test
    void aRefusedProgramPointsAtTheLineThatForgotTheNullCheck() {
        assertThatExceptionOfType(VerifierException.class)
                .isThrownBy(() -> BPF.fromSource("""
                        BPF_HASH(counts, u32, u64);

                        TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                            u32 key = 1;
                            u64 *value = counts.lookup(&key);
                            *value += 1;
                            return 0;
                        }
                        """))
                .satisfies(e -> {
                    assertThat(e.line()).isEqualTo(6);
                    assertThat(e.summary()).contains("map_value_or_null");
                    assertThat(e.log()).contains("processed");
                    assertThat(e.hint()).hasValueSatisfying(h -> assertThat(h).contains("if (!"));
                });
    }

    @Test
    @Conforms("test_bpf_log.py TestBPFProgLoad.test_log_debug")
    @Conforms("test_bpf_log.py TestBPFProgLoad.test_log_no_debug")
    void aLongProgramsRefusalHasItsWholeLog() {
        String checked = "y = t1.lookup(&x);\nif (!y) return 0;\nx = *y;\n";
        try (BPF bpf = BPF.fromSource("BPF_HASH(t1, int, int, 10);\nint on(struct __sk_buff *skb) {\nint x = 0, *y;\n"
                + checked.repeat(300) + "y = t1.lookup(&x);\nx = *y;\nreturn 0;\n}\n")) {
            assertThatExceptionOfType(VerifierException.class)
                    .isThrownBy(() -> bpf.program("on", ProgramType.SCHED_CLS))
                    .satisfies(e -> {
                        assertThat(e.log()).contains("R0 invalid mem access 'map_value_or_null'\n");
                        assertThat(e.summary()).isEqualTo("R0 invalid mem access 'map_value_or_null'");
                        assertThat(e.line()).isEqualTo(3 + 900 + 2);
                    });
        }
    }

    @Test
    void aWrongRecordIsRefusedWhenItIsBound() {
        record Wrong(@Unsigned int pid, int ns) {}
        try (BPF bpf = BPF.fromSource("""
                struct event { u32 pid; u64 ns; };
                BPF_PERF_OUTPUT(events);
                int submit(void *ctx) {
                    struct event e = {};
                    events.perf_submit(ctx, &e, sizeof(e));
                    return 0;
                }
                """)) {
            assertThatExceptionOfType(LayoutMismatchException.class)
                    .isThrownBy(() -> bpf.perfBuffer("events", Wrong.class))
                    .withMessageContaining("ns")
                    .withMessageContaining("Wrong");
        }
    }
}

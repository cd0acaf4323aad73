package io.github.bcc4j.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerifierExceptionTest {
    private static Arguments refused(Refusal kind, int line, ProgramType type, String body) {
        return Arguments.of(kind, line, type, "BPF_HASH(values, int, u64);\n" + body);
    }

    /** Programs that the running kernel refuses, each for one of the common reasons, at a known line. */
    static Stream<Arguments> refusals() {
        ProgramType tp = ProgramType.RAW_TRACEPOINT;
        return Stream.of(
                refused(
                        Refusal.NULL_CHECK,
                        5,
                        tp,
                        "int f(void *ctx) {\n int k = 0;\n u64 *v = values.lookup(&k);\n *v = 1;\n return 0;\n}"),
                refused(
                        Refusal.OUT_OF_BOUNDS,
                        7,
                        tp,
                        "int f(void *ctx) {\n int k = 0;\n char *v = (char *)values.lookup(&k);\n if (!v)\n  return 0;\n v[bpf_get_smp_processor_id() + 100] = 1;\n return 0;\n}"),
                refused(
                        Refusal.UNBOUNDED_LOOP,
                        0,
                        tp,
                        "int f(void *ctx) {\n u64 i = bpf_ktime_get_ns();\n while (i != 1)\n  i = i * 3 + bpf_get_smp_processor_id();\n return i;\n}"),
                refused(Refusal.HELPER_NOT_ALLOWED, 3, tp, "int f(void *ctx) {\n return bpf_redirect(1, 0);\n}"),
                refused(
                        Refusal.BAD_ARGUMENT,
                        3,
                        tp,
                        "int f(void *ctx) {\n return bpf_probe_read_kernel((void *)0, 8, 0);\n}"),
                refused(
                        Refusal.POINTER_ARITHMETIC,
                        0,
                        tp,
                        "int f(void *ctx) {\n int k = 0;\n u64 *v = values.lookup(&k);\n if (!v)\n  return 0;\n v = (u64 *)((u64)v * 2);\n return *v;\n}"),
                refused(
                        Refusal.MISSING_PROBE_READ,
                        3,
                        tp,
                        "int f(void *ctx) {\n return *(volatile int *)(bpf_ktime_get_ns() | 4096);\n}"),
                refused(
                        Refusal.CONTEXT_ACCESS,
                        3,
                        ProgramType.SOCKET_FILTER,
                        "int f(struct __sk_buff *skb) {\n return *(volatile int *)((char *)skb + 4096);\n}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    @Tag("native")
    void theCauseTheLineAndAHint(Refusal kind, int line, ProgramType type, String source) {
        try (BPF bpf = BPF.fromSource(source)) {
            VerifierException e = catchThrowableOfType(VerifierException.class, () -> bpf.program("f", type));
            assertThat(e).isNotNull();
            assertThat(e.kind()).as(e.log()).isEqualTo(kind);
            assertThat(e.hint()).isEqualTo(kind.hint()).isPresent();
            assertThat(e.programName()).isEqualTo("f");
            assertThat(e.log())
                    .contains(e.summary()
                            .substring(e.summary().lastIndexOf(": ") + 1)
                            .strip());
            assertThat(e.summary().lines()).hasSize(1);
            if (line > 0) {
                assertThat(e.line()).as(e.log()).isEqualTo(line);
                assertThat(e.file()).isEqualTo("/virtual/main.c");
                assertThat(e.sourceLine())
                        .isEqualTo(source.lines().toList().get(line - 1).strip());
                assertThat(e).hasMessageContaining("the verifier refuses f at /virtual/main.c:" + line);
            }
        }
    }

    @Test
    @Tag("native")
    void aProprietaryProgramMayNotCallGplHelpers() {
        try (BPF bpf = BPF.fromSource(
                "#define BPF_LICENSE Proprietary\nint f(void *ctx) { bpf_trace_printk(\"x\"); return 0; }")) {
            VerifierException e =
                    catchThrowableOfType(VerifierException.class, () -> bpf.program("f", ProgramType.RAW_TRACEPOINT));
            assertThat(e.kind()).isEqualTo(Refusal.GPL_ONLY);
            assertThat(e.hint().orElseThrow()).contains("GPL");
        }
    }

    @Test
    @Tag("native")
    void aLogOfManyMegabytesIsWhole() {
        StringBuilder source =
                new StringBuilder("BPF_HASH(values, int, u64);\nint f(void *ctx) {\n u64 x = bpf_ktime_get_ns();\n");
        for (int i = 0; i < 1500; i++) {
            source.append(" if (x & ").append(1L << i % 60).append("ULL) x += bpf_ktime_get_ns();\n");
        }
        source.append(" int k = 0;\n u64 *v = values.lookup(&k);\n return *v + x;\n}\n");
        try (BPF bpf = BPF.fromSource(source.toString())) {
            VerifierException e =
                    catchThrowableOfType(VerifierException.class, () -> bpf.program("f", ProgramType.RAW_TRACEPOINT));
            assertThat(e.log()).hasSizeGreaterThan(100_000);
            assertThat(e.log()).contains("processed");
            assertThat(e.kind()).isIn(Refusal.NULL_CHECK, Refusal.TOO_COMPLEX);
        }
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                Arguments.of("invalid indirect read from stack R2 off -16+4 size 8", Refusal.UNINITIALIZED_STACK),
                Arguments.of("invalid read from stack R1 off -8+0 size 8", Refusal.UNINITIALIZED_STACK),
                Arguments.of("BPF program is too large. Processed 1000001 insn", Refusal.TOO_COMPLEX),
                Arguments.of("back-edge from insn 12 to 4", Refusal.UNBOUNDED_LOOP),
                Arguments.of("infinite loop detected at insn 9", Refusal.UNBOUNDED_LOOP),
                Arguments.of("unknown func bpf_probe_read_kernel#113", Refusal.HELPER_NOT_ALLOWED),
                Arguments.of("program of this type cannot use helper bpf_probe_read#4", Refusal.HELPER_NOT_ALLOWED),
                Arguments.of("cannot call GPL-restricted function from non-GPL compatible program", Refusal.GPL_ONLY),
                Arguments.of("R1 invalid mem access 'inv'", Refusal.MISSING_PROBE_READ),
                Arguments.of("R1 invalid mem access 'scalar'", Refusal.MISSING_PROBE_READ),
                Arguments.of("R0 invalid mem access 'map_value_or_null'", Refusal.NULL_CHECK),
                Arguments.of("R0 !read_ok", Refusal.UNINITIALIZED_REGISTER),
                Arguments.of("R0 pointer arithmetic with *= operator prohibited", Refusal.POINTER_ARITHMETIC),
                Arguments.of("invalid bpf_context access off=4096 size=4", Refusal.CONTEXT_ACCESS),
                Arguments.of("something nobody has seen", Refusal.OTHER));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void wordingsOfOtherKernelsAreKnown(String message, Refusal kind) {
        VerifierLog log = VerifierLog.parse(
                "0: R1=ctx(off=0,imm=0) R10=fp0\n; return 0; @ main.c:3\n4: (79) r1 = *(u64 *)(r0 +0)          ; R0=inv\n"
                        + message
                        + "\nprocessed 5 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n");
        assertThat(log.summary()).isEqualTo(message);
        assertThat(Refusal.of(log.summary())).isEqualTo(kind);
    }

    @Test
    void theLineThatSaysHowIsJoinedWithTheOneThatSaysWhat() {
        VerifierLog log = VerifierLog.parse("""
                7: (73) *(u8 *)(r0 +0) = r1
                invalid access to map value, value_size=8 off=4 size=8
                R0 max value is outside of the allowed memory range
                processed 8 insns (limit 1000000) max_states_per_insn 0
                """);
        assertThat(log.summary())
                .isEqualTo(
                        "invalid access to map value, value_size=8 off=4 size=8: R0 max value is outside of the allowed memory range");
        assertThat(log.instruction()).isEqualTo(7);
        assertThat(log.text()).isEqualTo("*(u8 *)(r0 +0) = r1");
    }

    @Test
    void anInstructionNamedByTheMessageCounts() {
        assertThat(VerifierLog.parse("back-edge from insn 12 to 4\n").instruction())
                .isEqualTo(12);
        assertThat(VerifierLog.parse("").summary()).isEqualTo("the kernel gave no reason");
    }
}

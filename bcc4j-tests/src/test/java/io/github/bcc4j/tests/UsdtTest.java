package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.attach.UsdtProbe;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.CompilerOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static probes of programs compiled here: every kind of operand reads what gcc passes. */
@Tag("native")
class UsdtTest {
    @TempDir
    Path folder;

    /** An operand: the note's text and the asm operands, with the value that is to be read. */
    private record Kind(String arguments, String operands, long value) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("-1@%b0", "\"a\"((signed char)-5)", -5),
            new Kind("1@%b0", "\"b\"((unsigned char)250)", 250),
            new Kind("1@%h0", "\"Q\"(0x1234)", 0x12),
            new Kind("-2@%w0", "\"c\"((short)-300)", -300),
            new Kind("2@%w0", "\"S\"((unsigned short)65000)", 65000),
            new Kind("-4@%k0", "\"D\"(-70000)", -70000),
            new Kind("4@%k0", "\"d\"(4000000000u)", 4000000000L),
            new Kind("-8@%0", "\"a\"(-5000000000L)", -5000000000L),
            new Kind("8@%0", "\"b\"(0xfedcba9876543210ul)", 0xfedcba9876543210L),
            new Kind("-4@%k0", "\"r\"(in_r8)", -8),
            new Kind("-8@%0", "\"r\"(in_r9)", -9),
            new Kind("-2@%w0", "\"r\"(in_r10)", -10),
            new Kind("1@%b0", "\"r\"(in_r11)", 256 - 11),
            new Kind("-8@%0", "\"r\"(in_r12)", -12),
            new Kind("-8@%0", "\"r\"(in_r13)", -13),
            new Kind("4@%k0", "\"r\"(in_r14)", (1L << 32) - 14),
            new Kind("-8@%0", "\"r\"(in_r15)", -15),
            new Kind("-4@%0", "\"i\"(-42)", -42),
            new Kind("4@%0", "\"i\"(42)", 42),
            new Kind("8@%0", "\"i\"(0x123456789abcdef0)", 0x123456789abcdef0L),
            new Kind("-8@$-0x10", "\"i\"(0)", -16),
            new Kind("-4@%0", "\"m\"(local)", -123456),
            new Kind("2@%0", "\"m\"(local_short)", 54321),
            new Kind("-4@8(%0)", "\"r\"(numbers)", -2),
            new Kind("-4@(%0)", "\"r\"(numbers)", 0),
            new Kind("-4@-4(%0)", "\"r\"(numbers + 4)", -3),
            new Kind("-4@(%0,%1)", "\"r\"(numbers), \"r\"(4L)", -1),
            new Kind("-4@4(%0,%1,4)", "\"r\"(numbers), \"r\"(5L)", -6),
            new Kind("-4@-8(%0,%1,8)", "\"r\"(numbers), \"r\"(3L)", -4),
            new Kind("8@8(,%0,8)", "\"r\"(((unsigned long)longs - 8) / 8)", 7777777777L),
            new Kind("-4@%0", "\"m\"(global)", -99),
            new Kind("-4@%0", "\"m\"(hidden)", -98),
            new Kind("-4@%0", "\"m\"(numbers[7])", -7),
            new Kind("-4@numbers+20(%%rip)", "\"i\"(0)", -5),
            new Kind("-4@24+numbers(%%rip)", "\"i\"(0)", -6),
            new Kind("%0", "\"a\"(77L)", 77),
            new Kind("%k0", "\"a\"(-1)", 0xffffffffL));

    private static final String PROGRAM = CPrograms.PROBE + """
            int global = -99;
            static volatile int hidden = -98;
            volatile int numbers[8] = {0, -1, -2, -3, -4, -5, -6, -7};
            unsigned long longs[2] __attribute__((aligned(8))) = {7777777777ul, 1};
            int main(void) {
                volatile int local = -123456;
                volatile unsigned short local_short = 54321;
                register int in_r8 __asm__("r8") = -8; register long in_r9 __asm__("r9") = -9;
                register short in_r10 __asm__("r10") = -10; register char in_r11 __asm__("r11") = -11;
                register long in_r12 __asm__("r12") = -12; register long in_r13 __asm__("r13") = -13;
                register int in_r14 __asm__("r14") = -14; register long in_r15 __asm__("r15") = -15;
            %s
                return 0;
            }
            """;

    private Path kinds(String... flags) {
        StringBuilder probes = new StringBuilder();
        for (int i = 0; i < KINDS.size(); i++) {
            Kind k = KINDS.get(i);
            probes.append("PROBE(\"kind").append(i).append("\", \"").append(k.arguments);
            probes.append("\", ").append(k.operands).append(");\n");
        }
        return CPrograms.compile(folder, "kinds", PROGRAM.replace("%s", probes), flags);
    }

    private void readsEveryKind(Path program) {
        StringBuilder text = new StringBuilder("BPF_HASH(values, u32, s64); BPF_HASH(results, u32, int);\n");
        Usdt usdt = Usdt.of(program.toString());
        Map<Integer, Long> expected = new LinkedHashMap<>();
        for (int i = 0; i < KINDS.size(); i++) {
            text.append("""
                    int on_N(struct pt_regs *ctx) {
                        s64 value = 1;
                        u32 kind = N;
                        int result = bpf_usdt_readarg(1, ctx, &value);
                        values.update(&kind, &value);
                        results.update(&kind, &result);
                        return 0;
                    }
                    """.replace("N", String.valueOf(i)));
            usdt = usdt.enable("bcc4j:kind" + i, "on_" + i);
            expected.put(i, KINDS.get(i).value);
        }
        try (BPF bpf = BPF.fromSource(text.toString(), CompilerOptions.DEFAULT, usdt)) {
            assertThat(bpf.links()).hasSize(KINDS.size());
            Workloads.run(program.toString());
            assertThat(bpf.hash("values", Integer.class, Long.class)).containsExactlyInAnyOrderEntriesOf(expected);
            assertThat(bpf.hash("results", Integer.class, Integer.class).values())
                    .containsOnly(0);
        }
    }

    @Test
    void everyKindOfOperandIsReadInAProgramThatIsPlacedAnywhere() {
        readsEveryKind(kinds("-pie", "-fPIE"));
    }

    @Test
    void everyKindOfOperandIsReadInAProgramThatIsPlacedWhereItSays() {
        readsEveryKind(kinds("-no-pie", "-fno-pie"));
    }

    private static final String VALUES = """
            BPF_HASH(values, u64, u64);
            int on(struct pt_regs *ctx) {
                s64 value = 0;
                bpf_usdt_readarg(1, ctx, &value);
                values.increment(value);
                return 0;
            }
            """;

    @Test
    void fixedAddressesAreReadInAProgramThatIsPlacedWhereItSays() {
        Path program = CPrograms.compile(folder, "fixed", CPrograms.PROBE + """
                int numbers[3] = {5, 6, 7};
                int main(void) {
                    PROBE("variable", "-4@numbers+4", "i"(0));
                    PROBE("indexed", "-4@numbers(,%0,4)", "r"(2L));
                    PROBE("address", "8@$numbers", "i"(0));
                    return 0;
                }
                """, "-no-pie", "-fno-pie");
        Usdt usdt = Usdt.of(program.toString()).enable("variable", "on").enable("indexed", "on");
        try (BPF bpf = BPF.fromSource(VALUES, CompilerOptions.DEFAULT, usdt)) {
            Workloads.run(program.toString());
            assertThat(bpf.hash("values", Long.class, Long.class)).containsOnly(Map.entry(6L, 1L), Map.entry(7L, 1L));
        }
        try (BPF bpf = BPF.fromSource(
                """
                BPF_HASH(values, u64, u64);
                int on(struct pt_regs *ctx) {
                    int numbers[3] = {};
                    bpf_usdt_readarg_p(1, ctx, &numbers, sizeof(numbers));
                    values.increment(numbers[0] * 100 + numbers[1] * 10 + numbers[2]);
                    return 0;
                }
                """, CompilerOptions.DEFAULT, Usdt.of(program.toString()).enable("address", "on"))) {
            Workloads.run(program.toString());
            assertThat(bpf.hash("values", Long.class, Long.class)).containsOnly(Map.entry(567L, 1L));
        }
    }

    @Test
    void copiesOfAProbeEachReadTheirOwnOperands() {
        Path program = CPrograms.compile(folder, "copies", CPrograms.PROBE + """
                static inline __attribute__((always_inline)) void probe(long value, int times) {
                    for (int i = 0; i < times; i++) PROBE("copied", "-8@%0", "nor"(value));
                }
                __attribute__((noinline)) void two(long a, long b) { probe(a, 3); probe(b, 2); }
                int main(void) { probe(-17, 5); two(1000, 2000); return 0; }
                """);
        Usdt usdt = Usdt.of(program.toString()).enable("bcc4j:copied", "on");
        assertThat(usdt.probes())
                .singleElement()
                .satisfies(p -> assertThat(p.locations().stream()
                                .map(l -> l.arguments().toString())
                                .distinct())
                        .hasSizeGreaterThan(1));
        try (BPF bpf = BPF.fromSource(VALUES, CompilerOptions.DEFAULT, usdt)) {
            assertThat(bpf.links()).singleElement().hasToString("on at u:" + program + ":bcc4j:copied");
            Workloads.run(program.toString());
            assertThat(bpf.hash("values", Long.class, Long.class))
                    .containsOnly(Map.entry(-17L, 5L), Map.entry(1000L, 3L), Map.entry(2000L, 2L));
        }
    }

    @Test
    void copiesInDifferentRegistersAndMemoryAreEachReadWhereTheyAre() {
        Path program = CPrograms.compile(folder, "registers", CPrograms.PROBE + """
                long memory[2] = {5, 6};
                int main(void) {
                    PROBE("copied", "-8@%0", "a"(1L)); PROBE("copied", "-8@%0", "b"(2L));
                    PROBE("copied", "-8@%0", "c"(3L)); PROBE("copied", "-8@%0", "d"(4L));
                    PROBE("copied", "-8@(%0)", "S"(memory)); PROBE("copied", "-8@8(%0)", "D"(memory));
                    return 0;
                }
                """);
        try (BPF bpf = BPF.fromSource(
                VALUES, CompilerOptions.DEFAULT, Usdt.of(program.toString()).enable("copied", "on"))) {
            Workloads.run(program.toString());
            assertThat(bpf.hash("values", Long.class, Long.class))
                    .containsOnly(
                            Map.entry(1L, 1L),
                            Map.entry(2L, 1L),
                            Map.entry(3L, 1L),
                            Map.entry(4L, 1L),
                            Map.entry(5L, 1L),
                            Map.entry(6L, 1L));
        }
    }

    private Path samePlaces() {
        return CPrograms.compile(folder, "places", CPrograms.PROBE + """
                void first(void); void second(void);
                __asm__(".text\\n.balign 4096\\nfirst: " NOTE("bcc4j", "place", "0", "-4@$1") "ret\\n"
                        ".balign 4096\\nsecond: " NOTE("bcc4j", "place", "0", "-4@$2") "ret\\n");
                int main(void) { first(); first(); second(); return 0; }
                """);
    }

    @Test
    void copiesAtTheSamePlaceOfTheirPagesAreToldApartByCookies() {
        Path program = samePlaces();
        Usdt usdt = Usdt.of(program.toString()).enable("place", "on");
        assertThat(Usdt.text(usdt)).contains("bpf_get_attach_cookie");
        try (BPF bpf = BPF.fromSource(VALUES, CompilerOptions.DEFAULT, usdt)) {
            Workloads.run(program.toString());
            assertThat(bpf.hash("values", Long.class, Long.class)).containsOnly(Map.entry(1L, 2L), Map.entry(2L, 1L));
        }
    }

    @Test
    void whatCantBeReadDoesNotCompileAndSaysWhy() {
        Path program = CPrograms.compile(folder, "unreadable", CPrograms.PROBE + """
                static __thread int mine;
                int main(void) {
                    PROBE("some", "8@%0 -4@%1 8@%2", "x"(1.5), "m"(mine), "r"(3L));
                    return 0;
                }
                """);
        Usdt usdt = Usdt.of(program.toString()).enable("some", "on");
        assertThatThrownBy(() -> read(usdt, 1, "u64"))
                .isInstanceOf(CompileException.class)
                .hasMessageContaining("/virtual/main.c:3")
                .hasMessageContaining(
                        "argument 1 of bcc4j:some, 8@%xmm0, can't be read: it is in %xmm0, a register that the"
                                + " kernel does not show to BPF programs");
        assertThatThrownBy(() -> read(usdt, 2, "u64"))
                .isInstanceOf(CompileException.class)
                .hasMessageContaining("argument 2 of bcc4j:some")
                .hasMessageContaining("it is a variable of the thread");
        assertThatThrownBy(() -> read(usdt, 4, "u64"))
                .isInstanceOf(CompileException.class)
                .hasMessageContaining("bcc4j:some has 3 arguments, so there is no argument 4");
        assertThatThrownBy(() -> read(usdt, 3, "u32"))
                .isInstanceOf(CompileException.class)
                .hasMessageContaining("argument 3 of bcc4j:some has 8 bytes");
        read(usdt, 3, "u64");
    }

    private static void read(Usdt usdt, int argument, String type) {
        BPF.fromSource("""
                int on(struct pt_regs *ctx) {
                    TYPE value = 0;
                    bpf_usdt_readarg(N, ctx, &value);
                    return 0;
                }
                """.replace("TYPE", type).replace("N", String.valueOf(argument)), CompilerOptions.DEFAULT, usdt)
                .close();
    }

    @Test
    void memoryThatIsNotThereIsAnErrorThatTheProgramSees() {
        Path program = CPrograms.compile(folder, "lost", CPrograms.PROBE + """
                int main(void) { PROBE("lost", "8@(%0)", "r"(8L)); return 0; }
                """);
        try (BPF bpf = BPF.fromSource(
                """
                BPF_HASH(results, u32, int);
                int on(struct pt_regs *ctx) {
                    u32 key = 0;
                    u64 value;
                    int result = bpf_usdt_readarg(1, ctx, &value);
                    results.update(&key, &result);
                    return 0;
                }
                """, CompilerOptions.DEFAULT, Usdt.of(program.toString()).enable("lost", "on"))) {
            Workloads.run(program.toString());
            assertThat(bpf.hash("results", Integer.class, Integer.class)).containsOnly(Map.entry(0, -14));
        }
    }

    @Test
    void mistakesInNamesAreExplained() {
        Usdt usdt = Usdt.of(samePlaces().toString());
        assertThatThrownBy(() -> usdt.enable("palce", "on"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no static probe palce; there is place");
        assertThatThrownBy(() -> usdt.enable("other:place", "on"))
                .hasMessage("there is no static probe other:place; there are 1 of bcc4j");
        assertThatThrownBy(() -> usdt.enable("place", "on; drop"))
                .hasMessage("not the name of a C function: \"on; drop\"");
        Path without = CPrograms.compile(folder, "without", "int main(void) { return 0; }");
        assertThat(Usdt.of(without.toString()).probes()).isEmpty();
        assertThatThrownBy(() -> Usdt.of(without.toString()).enable("place", "on"))
                .hasMessageStartingWith("there is no static probe place: the binary has none at all");
        assertThatThrownBy(() -> BPF.fromSource(
                        "int off(void *ctx) { return 0; }", CompilerOptions.DEFAULT, usdt.enable("place", "on")))
                .hasMessage("the C text has no function \"on\"; it has off");
    }

    @Test
    void probesOfAStrippedProgramAreStillThere() {
        Path program = CPrograms.compile(
                folder,
                "stripped",
                PROGRAM.replace("%s", "PROBE(\"a\", \"-4@%k0 -4@%1\", \"a\"(5), \"m\"(hidden));"),
                "-s");
        UsdtProbe probe = Usdt.of(program.toString()).probes().getFirst();
        assertThat(probe.fullName()).isEqualTo("bcc4j:a");
        assertThat(probe.locations().getFirst().arguments()).hasToString("[-4@%eax, -4@hidden(%rip)]");
        Usdt usdt = Usdt.of(program.toString()).enable("a", "on");
        read(usdt, 1, "int");
        assertThatThrownBy(() -> read(usdt, 2, "int")).hasMessageContaining("no symbol of the binary is called hidden");
    }
}

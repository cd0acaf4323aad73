package io.github.bcc4j.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.ElfException;
import io.github.bcc4j.attach.UsdtArgument.Constant;
import io.github.bcc4j.attach.UsdtArgument.Memory;
import io.github.bcc4j.attach.UsdtArgument.Operand;
import io.github.bcc4j.attach.UsdtArgument.Register;
import io.github.bcc4j.attach.UsdtArgument.Unreadable;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfSymbols;
import io.github.bcc4j.elf.TinyElf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The descriptions of static probes: what is understood, what is not, and that nothing in them does harm. */
class UsdtTextTest {
    private static final int X86 = 62;
    private static final int ARM = 183;

    @TempDir
    Path folder;

    private static UsdtArgument one(int machine, String text) {
        List<UsdtArgument> all = UsdtOperands.of(machine).parse(text);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static Register register(String field, int bits) {
        return new Register(field, bits, 0);
    }

    private static Memory memory(long displacement, String symbol, Register base, Register index, int scale) {
        return new Memory(displacement, symbol, false, base, index, false, scale);
    }

    private static void understands(int machine, String text, int size, boolean signed, Operand operand) {
        assertThat(one(machine, text)).isEqualTo(new UsdtArgument(size, signed, operand, text));
    }

    @Test
    void operandsOfX86AreUnderstood() {
        understands(X86, "-4@%eax", 4, true, register("ax", 32));
        understands(X86, "8@%r15", 8, false, register("r15", 64));
        understands(X86, "1@%r9b", 1, false, register("r9", 8));
        understands(X86, "1@%sil", 1, false, register("si", 8));
        understands(X86, "1@%bh", 1, false, new Register("bx", 8, 8));
        understands(X86, "-2@$-300", 2, true, new Constant(-300, ""));
        understands(X86, "8@$0xffffffffffffffff", 8, false, new Constant(-1, ""));
        understands(X86, "8@$table+8", 8, false, new Constant(8, "table"));
        understands(X86, "8@(%rsp)", 8, false, memory(0, "", register("sp", 64), null, 1));
        understands(X86, "-8@-64(%rbp)", 8, true, memory(-64, "", register("bp", 64), null, 1));
        understands(X86, "4@(%rax,%rbx)", 4, false, memory(0, "", register("ax", 64), register("bx", 64), 1));
        understands(X86, "4@8(%rax,%rbx,4)", 4, false, memory(8, "", register("ax", 64), register("bx", 64), 4));
        understands(X86, "4@table(,%rdx,8)", 4, false, memory(0, "table", null, register("dx", 64), 8));
        understands(X86, "4@count.0+4(%rip)", 4, false, new Memory(4, "count.0", true, null, null, false, 1));
        understands(X86, "4@4+count(%rip)", 4, false, new Memory(4, "count", true, null, null, false, 1));
        understands(X86, "4@count-4", 4, false, memory(-4, "count", null, null, 1));
        understands(X86, "-4@most(%rip)", 4, true, new Memory(0, "most", true, null, null, false, 1));
        understands(X86, "4@count-2(%rip)", 4, false, new Memory(-2, "count", true, null, null, false, 1));
        understands(X86, "8@$18446744073709551614", 8, false, new Constant(-2, ""));
        understands(X86, "%rdi", 8, false, register("di", 64));
        understands(X86, "%ax", 2, false, register("ax", 16));
        understands(X86, "$5", 8, true, new Constant(5, ""));
    }

    @Test
    void operandsOfArmAreUnderstood() {
        understands(ARM, "-4@x0", 4, true, register("regs[0]", 64));
        understands(ARM, "4@w30", 4, false, register("regs[30]", 32));
        understands(ARM, "8@sp", 8, false, register("sp", 64));
        understands(ARM, "8@xzr", 8, false, new Constant(0, ""));
        understands(ARM, "-4@-17", 4, true, new Constant(-17, ""));
        understands(ARM, "8@[x19]", 8, false, memory(0, "", register("regs[19]", 64), null, 1));
        understands(ARM, "8@[sp,16]", 8, false, memory(16, "", register("sp", 64), null, 1));
        understands(
                ARM,
                "8@[x0,w1,sxtw#3]",
                8,
                false,
                new Memory(0, "", false, register("regs[0]", 64), register("regs[1]", 32), true, 8));
        assertThat(UsdtOperands.of(ARM).parse("8@[x29, 24] -1@[x0, x1]  4@[x0, x2, lsl 2]"))
                .extracting(UsdtArgument::operand)
                .containsExactly(
                        memory(24, "", register("regs[29]", 64), null, 1),
                        memory(0, "", register("regs[0]", 64), register("regs[1]", 64), 1),
                        memory(0, "", register("regs[0]", 64), register("regs[2]", 64), 4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "62|8@%xmm3|it is in %xmm3, a register that the kernel does not show to BPF programs",
                "62|8f@%xmm0|it is in %xmm0, a register that the kernel does not show to BPF programs",
                "62|4@%fs:-4|it is a variable of the thread, whose place BPF programs can't find out",
                "62|4@%nosuch|there is no register %nosuch",
                "62|4@4(%rip)|the address is relative to the next instruction, which is not known",
                "62|4@(%nosuch)|the address is not understood",
                "62|16@%rax|it is 16 bytes long",
                "62|4@)(|the operand is not understood",
                "62|4@i%ra+1r|the operand is not understood",
                "62|4@$99999999999999999999|a number is too large",
                "62|4@|the operand is missing",
                "183|4@s0|it is in s0, a register that the kernel does not show to BPF programs",
                "183|4@x32|the operand is not understood",
                "183|4@[x0,q1]|the address is not understood",
                "8|4@%r1|bcc4j does not know the operands of ELF machine 8"
            })
    void whatIsNotUnderstoodSaysWhy(int machine, String text, String why) {
        assertThat(one(machine, text).operand()).isEqualTo(new Unreadable(why));
    }

    @Test
    void theTextChecksWhileItIsCompiledAndReadsWhenItRuns() throws IOException {
        Path file = Files.write(folder.resolve("library"), TinyElf.rich(true));
        Usdt usdt = Usdt.of(file.toString()).enable("tiny:one", "on_one");
        assertThat(usdt.probes())
                .extracting(UsdtProbe::toString)
                .containsExactly(file + ":tiny:one", file + ":tiny:two");
        assertThat(usdt.probes()).extracting(UsdtProbe::hasSemaphore).containsExactly(true, false);
        assertThat(usdt.probes().getFirst().locations().getFirst().semaphore()).isEqualTo(24);
        assertThat(Usdt.text(usdt))
                .contains("#define _bpf_readarg_on_one_1(ctx, to, size) ({ _Static_assert((size) >= 4,")
                .contains("value = (s32)(u32)ctx->ax;")
                .contains("u64 at = 0x10ull + ctx->di;")
                .contains("_Static_assert(0, \"tiny:one has 2 arguments, so there is no argument 3\"); -1; })");
        assertThat(Usdt.attachments(usdt)).singleElement().satisfies(a -> {
            assertThat(a.function()).isEqualTo("on_one");
            assertThat(a.spec()).hasToString("u:" + file + ":tiny:one");
        });
        assertThatThrownBy(() -> usdt.enable("tow", "f")).hasMessage("there is no static probe tow; there is two");
    }

    @Test
    void namesFromABinaryCantBecomeCode() throws IOException {
        TinyElf elf = new TinyElf(true, X86);
        elf.section(
                ".note.stapsdt",
                7,
                0,
                0,
                TinyElf.note(
                        "stapsdt",
                        3,
                        TinyElf.bytes(TinyElf.ADDRESS, 0L, 0L, "x\"); evil(\"", "a\n#include\\", "8@%\"x 4@%eax")));
        Path file = Files.write(folder.resolve("evil"), elf.build());
        Usdt usdt = Usdt.of(file.toString());
        String text = Usdt.text(usdt.enable(usdt.probes().getFirst().fullName(), "on"));
        assertThat(text).contains("x?); evil(?:a?#include?").doesNotContain("evil(\"");
        assertThat(text.lines().filter(l -> l.startsWith("#")))
                .allMatch(l -> l.startsWith("#define _bpf_readarg_on_") || l.equals("#include <uapi/linux/ptrace.h>"));
    }

    /** Whatever bytes are in a file: an answer or a typed error, soon. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(60)
    void damagedFilesNeverHangOrCrash(boolean wide) throws IOException {
        byte[] whole = TinyElf.rich(wide);
        Random random = new Random(4);
        Path file = folder.resolve("damaged");
        int read = 0;
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] damaged = whole.clone();
            int hits = 1 + random.nextInt(6);
            for (int i = 0; i < hits; i++) {
                byte[] odd = {0, -1, 127, -128, (byte) random.nextInt()};
                damaged[random.nextInt(damaged.length)] = odd[random.nextInt(odd.length)];
            }
            int cut = random.nextInt(4) == 0 ? random.nextInt(damaged.length) : damaged.length;
            Files.write(file, java.util.Arrays.copyOf(damaged, cut));
            try {
                Usdt usdt = Usdt.of(file.toString());
                usdt.probes().forEach(p -> Usdt.text(usdt.enable(p.fullName(), "on")));
                try (ElfFile elf = ElfFile.open(file)) {
                    ElfSymbols.of(elf, folder);
                }
                read++;
            } catch (ElfException e) {
                assertThat(e).hasMessageStartingWith(file.toString());
                refused++;
            }
        }
        assertThat(read).isGreaterThan(500);
        assertThat(refused).isGreaterThan(500);
    }

    @Test
    void numbersThatWouldNeedTheWholeMemoryAreRefusedAtOnce() throws IOException {
        byte[] huge = TinyElf.rich(true);
        huge[60] = (byte) 0xff; // as many sections as can be
        huge[61] = (byte) 0xfe;
        Path file = Files.write(folder.resolve("huge"), huge);
        assertThatThrownBy(() -> Usdt.of(file.toString()))
                .isInstanceOf(ElfException.class)
                .hasMessageContaining("65279 sections in a file of");
    }
}

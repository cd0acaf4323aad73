package io.github.bcc4j.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisassemblyTest {
    private static List<Instruction> of(long... instructions) {
        ByteBuffer code = ByteBuffer.allocate(instructions.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long i : instructions) {
            code.putLong(i);
        }
        return Disassembly.of("f", code.array(), m -> "m" + m, c -> "helper" + c, new TreeMap<>())
                .instructions();
    }

    /** Hexadecimal bytes in memory order, and what llvm-objdump writes for them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bf16000000000000 | r6 = r1
            bc10000000000000 | w0 = w1
            b401000 0ffffffff | w1 = -1
            6161040000000000 | r1 = *(u32 *)(r6 + 4)
            79a3f8ff00000000 | r3 = *(u64 *)(r10 - 8)
            7162000000000000 | r2 = *(u8 *)(r6 + 0)
            6b160c0000000000 | *(u16 *)(r6 + 12) = r1
            7a0af8ff05000000 | *(u64 *)(r10 - 8) = 5
            a601050004000000 | if w1 < 4 goto +5
            1e01030000000000 | if w1 == w0 goto +3
            5602080000000000 | if w2 != 0 goto +8
            6d12feff00000000 | if r2 s> r1 goto -2
            4501010008000000 | if r1 & 8 goto +1
            05000c0000000000 | goto +12
            0600000010000000 | gotol +16
            2401000007000000 | w1 *= 7
            5402000004000000 | w2 &= 4
            770000000 3000000 | r0 >>= 3
            c70000000 3000000 | r0 s>>= 3
            ac01000000000000 | w1 ^= w0
            8701000000000000 | r1 = -r1
            8401000000000000 | w1 = -w1
            3701000003000000 | r1 /= 3
            3f12010000000000 | r2 s/= r1
            9f12000000000000 | r2 %= r1
            bf12080000000000 | r2 = (s8)r1
            bc12100000000000 | w2 = (s16)w1
            8112000000000000 | r2 = *(s32 *)(r1 + 0)
            dc01000020000000 | r1 = be32 r1
            d401000010000000 | r1 = le16 r1
            d701000040000000 | r1 = bswap64 r1
            db16000000000000 | lock *(u64 *)(r6 + 0) += r1
            c316040050000000 | lock *(u32 *)(r6 + 4) &= w1
            db12000001000000 | r1 = atomic_fetch_add((u64 *)(r2 + 0), r1)
            c312000041000000 | w1 = atomic_fetch_or((u32 *)(r2 + 0), w1)
            db120800e1000000 | r1 = xchg_64(r2 + 8, r1)
            c3120000e1000000 | w1 = xchg32_32(r2 + 0, w1)
            db21f8fff1000000 | r0 = cmpxchg_64(r1 - 8, r0, r2)
            c3210000f1000000 | w0 = cmpxchg32_32(r1 + 0, w0, w2)
            db12000000010000 | r2 = load_acquire((u64 *)(r1 + 0))
            db12000010010000 | store_release((u64 *)(r2 + 0), r1)
            200000000c000000 | r0 = *(u32 *)skb[12]
            5010000000000000 | r0 = *(u8 *)skb[r1]
            8500000005000000 | call helper5
            85100000ffffffff | call pc-1
            8520000007000000 | call kernel-function#7
            8d02000000000000 | callx r2
            9500000000000000 | exit
            e500040000000000 | may_goto +4
            ff00000000000000 | (0x00000000000000ff)
            """)
    void instructionsAreWrittenAsLlvmDoes(String bytes, String text) {
        long raw = Long.reverseBytes(Long.parseUnsignedLong(bytes.replace(" ", ""), 16));
        assertThat(of(raw)).containsExactly(new Instruction(0, text, Optional.empty()));
    }

    @Test
    void wideInstructionsTakeTwoNumbers() {
        assertThat(of(0x5566_7788_0000_0118L, 0x1122_3344_0000_0000L, 0x95L))
                .extracting(i -> i.index() + " " + i.text())
                .containsExactly("0 r1 = 1234605616436508552 ll", "2 exit");
        assertThat(of(0x0000_0003_0000_1118L, 0)).extracting(Instruction::text).containsExactly("r1 = map[m3]");
        assertThat(of(0x0000_0003_0000_2118L, 0x8L << 32))
                .extracting(Instruction::text)
                .containsExactly("r1 = map[m3][0] + 8");
        assertThat(of(0xffff_ffff_0000_0118L, 0)).extracting(Instruction::text).containsExactly("r1 = 4294967295 ll");
        assertThat(of(0x118L)).as("cut off").extracting(Instruction::text).containsExactly("r1 = 0 ll");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Disassembly.of("f", new byte[9], m -> "", c -> "", new TreeMap<>()))
                .withMessage("9 bytes are not a whole number of instructions");
    }

    @Test
    void aCompiledFunctionIsListedWithItsLines() {
        CompiledModule module = Compiler.compile("""
                BPF_HASH(counts, u32, u64);
                int tick(void *ctx) {
                    u32 key = 7;
                    counts.increment(key);
                    return 3;
                }
                """, CompilerOptions.DEFAULT);
        Disassembly tick = Disassembly.of(module, "tick");
        assertThat(tick.toString())
                .startsWith("tick:\n; /virtual/main.c:3: u32 key = 7;\n     0: ")
                .contains("; /virtual/main.c:4: counts.increment(key);\n")
                .contains(" = map[counts]\n")
                .contains(": call 1\n")
                .contains("; /virtual/main.c:5: return 3;\n")
                .contains(": r0 = 3\n")
                .endsWith(": exit\n");
        assertThat(tick.instructions().getLast().source()).map(SourceLine::line).contains(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Disassembly.of(module, "tock"))
                .withMessage("the module has no function \"tock\"; it has tick");
    }
}

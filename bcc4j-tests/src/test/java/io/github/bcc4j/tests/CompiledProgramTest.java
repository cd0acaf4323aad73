package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.diagnostic.Disassembly;
import io.github.bcc4j.diagnostic.Instruction;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.MapLayouts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is known of a program that was compiled and not loaded: its bytes, and what they mean. */
class CompiledProgramTest {
    @Test
    @Conforms("test_dump_func.py TestDumpFunc.test_return")
    void aProgramIsItsInstructions() {
        CompiledModule module = Compiler.compile("int f(void) { return 1; }", CompilerOptions.DEFAULT);
        assertThat(HexFormat.of().formatHex(module.programs().getFirst().instructions()))
                .isEqualTo("b700000001000000" + "9500000000000000");
        assertThat(Disassembly.of(module, "f").instructions())
                .extracting(Instruction::text)
                .containsExactly("r0 = 1", "exit");
    }

    @Test
    @Conforms("test_disassembler.py TestDisassembler.test_func")
    void aTablesTypesAreWrittenOut() {
        CompiledModule module = Compiler.compile("""
                struct key { int a; short b; struct { int c : 4; int d : 8; } e; } __attribute__((packed));
                BPF_HASH(table, struct key);
                int f(void) { return 1; }
                """, CompilerOptions.DEFAULT);
        assertThat(Disassembly.of(module, "f"))
                .hasToString("f:\n; /virtual/main.c:3: int f(void) { return 1; }\n" + "     0: r0 = 1\n     1: exit\n");
        Btf types = Btf.parse(module.btf());
        assertThat(MapLayouts.key(module.maps().getFirst(), types).describe()).isEqualTo("""
                struct key { // 10 bytes: offset, size, type, name
                     0    4  int a
                     4    2  short b
                     6    4  struct {...} e
                     6    4    int c : 4, from bit 0
                     6    4    int d : 8, from bit 4
                }""");
        assertThat(MapLayouts.value(module.maps().getFirst(), types).describe()).isEqualTo("u64, 8 bytes");
    }

    private static final String[] ALU = {"+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", null, "%=", "^=", "=", "s>>="
    };
    private static final String[] JUMPS = {
        null, "==", ">", ">=", "&", "!=", "s>", "s>=", null, null, "<", "<=", "s<", "s<="
    };

    /** Operation, and its text with destination 3, source 5, offset 7 and number 9. */
    private static Map<Integer, String> operations() {
        Map<Integer, String> all = new LinkedHashMap<>();
        for (int i = 0; i < ALU.length; i++) {
            if (ALU[i] != null) {
                all.put(i << 4 | 0x04, "w3 " + ALU[i] + " 9");
                all.put(i << 4 | 0x0c, "w3 " + ALU[i] + " w5");
                all.put(i << 4 | 0x07, "r3 " + ALU[i] + " 9");
                all.put(i << 4 | 0x0f, "r3 " + ALU[i] + " r5");
            }
        }
        all.put(0x84, "w3 = -w3");
        all.put(0x87, "r3 = -r3");
        for (int i = 0; i < JUMPS.length; i++) {
            if (JUMPS[i] != null) {
                all.put(i << 4 | 0x05, "if r3 " + JUMPS[i] + " 9 goto +7");
                all.put(i << 4 | 0x0d, "if r3 " + JUMPS[i] + " r5 goto +7");
                all.put(i << 4 | 0x06, "if w3 " + JUMPS[i] + " 9 goto +7");
                all.put(i << 4 | 0x0e, "if w3 " + JUMPS[i] + " w5 goto +7");
            }
        }
        all.put(0x05, "goto +7");
        all.put(0x95, "exit");
        String[] sizes = {"u32", "u16", "u8", "u64"};
        for (int i = 0; i < sizes.length; i++) {
            String place = "*(" + sizes[i] + " *)";
            all.put(0x61 | i << 3, "r3 = " + place + "(r5 + 7)");
            all.put(0x62 | i << 3, place + "(r3 + 7) = 9");
            all.put(0x63 | i << 3, place + "(r3 + 7) = r5");
            all.put(0x20 | i << 3, "r0 = " + place + "skb[9]");
            all.put(0x40 | i << 3, "r0 = " + place + "skb[r5]");
        }
        return all;
    }

    @Test
    @Conforms("test_disassembler.py TestDisassembler.test_bpf_isa")
    void everyInstructionIsWrittenOut() {
        Map<Integer, String> written = new LinkedHashMap<>();
        operations().forEach((operation, text) -> {
            byte[] code = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(operation.byteValue())
                    .put((byte) 0x53)
                    .putShort((short) ((operation & 7) % 3 == 1 && (operation & 7) != 1 ? 0 : 7)) // of jumps and places
                    .putInt(9)
                    .array();
            List<Instruction> one =
                    Disassembly.of("f", code, m -> "", c -> "", new TreeMap<>()).instructions();
            written.put(operation, one.getFirst().text());
        });
        assertThat(written).isEqualTo(operations()).hasSizeGreaterThan(110);
    }

    @Test
    @Conforms("test_utils.py TestUtils.test_get_online_cpus")
    @Conforms("test_c_api.cc get online CPUs")
    void everyCpuThatIsOnlineIsKnown() {
        int online = Integer.parseInt(
                Workloads.run("getconf", "_NPROCESSORS_ONLN").lines().getFirst());
        assertThat(Cpus.online().cardinality()).isEqualTo(online);
        assertThat(Cpus.possible().stream().boxed())
                .containsAll(Cpus.online().stream().boxed().toList());
    }
}

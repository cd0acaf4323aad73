package io.github.bcc4j.type;

import static io.github.bcc4j.type.BtfBuilder.Member.at;
import static io.github.bcc4j.type.BtfBuilder.Member.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** BTF, written by hand: every kind there is, and everything that may be wrong with it. */
class BtfTest {
    @Test
    void everyKindIsReadOrPassedOver() {
        BtfBuilder b = new BtfBuilder();
        int u32 = b.integer("unsigned int", 4, false);
        int s64 = b.integer("long", 8, true);
        int proto = b.prototype(u32, s64);
        b.function("handler", proto);
        int variable = b.variable("counter", u32);
        b.section(".maps", variable);
        b.tag("user", u32);
        int big = b.integer("unsigned __int128", 16, false);
        int bool = b.bool();
        int f = b.floating("double", 8);
        int fwd = b.forward("later");
        int later = b.pointer(fwd);
        int constant = b.qualified(10, b.qualified(9, b.qualified(11, b.typeTag("rcu", u32))));
        int callback = b.pointer(proto);
        int color = b.enumeration("color", true, "RED", -1, "GREEN", 7);
        int wide = b.enum64("wide", "TOP", 1L << 40);
        Btf btf = b.build();
        assertThat(btf.count()).isEqualTo(19);
        assertThat(btf.type(u32)).isEqualTo(new Layout.Int("unsigned int", 4, false, false));
        assertThat(btf.type(s64)).isEqualTo(new Layout.Int("long", 8, true, false));
        assertThat(btf.type(big).size()).isEqualTo(16);
        assertThat(btf.type(bool)).isEqualTo(new Layout.Int("_Bool", 1, false, true));
        assertThat(btf.type(f)).isEqualTo(new Layout.Floating("double", 8));
        assertThat(btf.type(later).name()).isEqualTo("struct later *");
        assertThat(btf.type(constant)).isEqualTo(btf.type(u32));
        assertThat(btf.type(callback)).isInstanceOf(Layout.Pointer.class);
        assertThat(btf.type(color))
                .isEqualTo(new Layout.Enumeration("enum color", 4, true, Map.of("RED", -1L, "GREEN", 7L)));
        assertThat(btf.type(wide)).isEqualTo(new Layout.Enumeration("enum wide", 8, false, Map.of("TOP", 1L << 40)));
        assertThat(btf.named("enum color")).contains(btf.type(color));
        assertThat(btf.named("enum colour")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> btf.type(fwd))
                .withMessage("struct later is only declared, so it has no size");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> btf.type(proto))
                .withMessage("BTF type 3 is no type of data");
        assertThatIllegalArgumentException().isThrownBy(() -> btf.type(20)).withMessage("BTF has no type 20");
    }

    @Test
    void whereNoSignIsToldConstantsNearTheTopAreNegative() {
        BtfBuilder old = new BtfBuilder();
        int error = old.enumeration("error", false, "NONE", 0, "FAILED", -22);
        int flag = old.enumeration("flag", false, "LOW", 1, "HIGH", 1 << 31);
        Btf btf = old.build();
        assertThat(btf.type(error))
                .isEqualTo(new Layout.Enumeration("enum error", 4, true, Map.of("NONE", 0L, "FAILED", -22L)));
        assertThat(btf.type(flag))
                .isEqualTo(new Layout.Enumeration("enum flag", 4, false, Map.of("LOW", 1L, "HIGH", 1L << 31)));
        BtfBuilder today = new BtfBuilder();
        int all = today.enumeration("all", false, "NONE", 0, "ALL", -1);
        today.enumeration("sign", true, "LESS", -1, "MORE", 1);
        assertThat(today.build().type(all))
                .isEqualTo(new Layout.Enumeration("enum all", 4, false, Map.of("NONE", 0L, "ALL", 0xffff_ffffL)));
    }

    @Test
    void structsHaveTheirPlacesToTheBit() {
        BtfBuilder b = new BtfBuilder();
        int u8 = b.typedef("u8", b.integer("unsigned char", 1, false));
        int u32 = b.typedef("u32", b.integer("unsigned int", 4, false));
        int u64 = b.typedef("u64", b.integer("unsigned long long", 8, false));
        int grid = b.array(b.array(u64, 3), 2);
        int raw = b.array(u8, 16);
        int address = b.union("", 16, at("v4", u32, 0), at("v6", raw, 0));
        int inner = b.struct("", 8, at("id", u32, 0), at("", b.struct("", 4, at("deep", u8, 2)), 4));
        b.struct("packed", 9, at("a", u8, 0), at("b", u64, 1));
        b.struct(
                "all",
                88,
                bits("low", u32, 0, 3),
                bits("", u32, 3, 5),
                bits("high", u32, 8, 20),
                bits("grid", grid, 64, 0),
                bits("", address, 448, 0),
                bits("", inner, 576, 0),
                bits("last", u8, 640, 0));
        Btf btf = b.build();
        assertThat(btf.struct("packed").orElseThrow().describe()).isEqualTo("""
                        struct packed { // 9 bytes: offset, size, type, name
                             0    1  u8 a
                             1    8  u64 b
                        }""");
        assertThat(btf.struct("all").orElseThrow().describe()).isEqualTo("""
                        struct all { // 88 bytes: offset, size, type, name
                             0    4  u32 low : 3, from bit 0
                             1    4  u32 high : 20, from bit 0
                             8   48  u64[2][3] grid
                            56    4  u32 v4
                            56   16  u8[16] v6
                            72    4  u32 id
                            78    1  u8 deep
                            80    1  u8 last
                        }""");
        assertThat(btf.struct("none")).isEmpty();
    }

    private static byte[] small() {
        BtfBuilder b = new BtfBuilder();
        int u32 = b.integer("unsigned int", 4, false);
        int array = b.array(u32, 2);
        int pointer = b.pointer(4);
        b.struct("node", 24, at("next", pointer, 0), at("values", array, 8), bits("flag", u32, 128, 1));
        b.enumeration("color", false, "RED", 1, "GREEN", 2);
        b.typedef("node_t", 4);
        return b.bytes();
    }

    /** Whatever is broken: types are read, or refused by one kind of exception. */
    private static void readAll(byte[] raw) {
        try {
            Btf btf = Btf.parse(raw);
            for (int id = 1; id <= btf.count(); id++) {
                try {
                    assertThat(btf.type(id).size()).isNotNegative();
                } catch (IllegalArgumentException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).contains("BTF");
        }
    }

    @Test
    void cutOrAlteredBtfIsRefusedAndNeverReadBeyondItsEnd() {
        byte[] good = small();
        for (int length = 1; length < good.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(good, length);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Btf.parse(cut))
                    .withMessageStartingWith("not BTF");
        }
        for (int at = 0; at < good.length; at++) {
            for (int value : new int[] {0, 1, 5, 0x10, 0x7f, 0x80, 0xff}) {
                byte[] altered = good.clone();
                altered[at] = (byte) value;
                readAll(altered);
            }
        }
    }

    @Test
    void impossibleTypesAreNamed() {
        BtfBuilder b = new BtfBuilder();
        int odd = b.integer("odd", 3, false);
        int u32 = b.integer("unsigned int", 4, false);
        int tight = b.struct("tight", 4, at("a", u32, 0), at("b", u32, 4));
        int huge = b.array(u32, 0x7fffffff);
        int loop = b.typedef("loop", 5);
        int itself = b.struct("itself", 4, at("again", 6, 0));
        Btf btf = b.build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> btf.type(odd))
                .withMessage("BTF type 1, odd, has an impossible size: 3 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> btf.type(tight))
                .withMessage("BTF type 3, struct tight, is too small for its member b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> btf.type(huge))
                .withMessage("BTF type 4 is an array of 2147483647 times 4 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> btf.type(loop)).withMessageContaining("contains itself");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> btf.type(itself))
                .withMessageContaining("contains itself");
    }

    @Test
    void typesOfTypesThatDoubleAtEachStepAreReadOnce() {
        BtfBuilder b = new BtfBuilder();
        int type = b.integer("char", 1, true);
        for (int i = 0; i < 28; i++) {
            type = b.struct("s" + i, 2 << i, at("a", type, 0), at("b", type, 1 << i));
        }
        assertThat(b.build().type(type).size()).isEqualTo(1 << 28);
    }

    @Test
    @Tag("native")
    void theRunningKernelsTypesCanAllBeRead() throws Exception {
        Btf btf = Btf.parse(Files.readAllBytes(Path.of("/sys/kernel/btf/vmlinux")));
        int data = 0;
        for (int id = 1; id <= btf.count(); id++) {
            try {
                data += btf.type(id).size() >= 0 ? 1 : 0;
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).containsAnyOf("no type of data", "only declared", "BTF has no type 0");
            }
        }
        assertThat(data).isGreaterThan(10_000);
        assertThat(btf.struct("list_head").orElseThrow().describe()).isEqualTo("""
                        struct list_head { // 16 bytes: offset, size, type, name
                             0    8  struct list_head * next
                             8    8  struct list_head * prev
                        }""");
        assertThat(btf.struct("in6_addr").orElseThrow().size()).isEqualTo(16);
        assertThat(btf.struct("task_struct")
                        .orElseThrow()
                        .member("comm")
                        .orElseThrow()
                        .type()
                        .name())
                .isEqualTo("char[16]");
    }
}

package io.github.bcc4j.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.MapSpec;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Layouts from BTF, from libbcc's description, from the fields of events. */
class LayoutsTest {
    private static final String SHAPES = """
            enum color { RED = 3, GREEN = 0x7fffffff };
            typedef u8 mac_t[6];
            struct inner { u8 a; u32 b; } ;
            struct shapes {
                u64 grid[2][3];
                mac_t mac;
                enum color color;
                struct inner inner;
                union { u32 v4; u8 raw[16]; };
                unsigned low : 3, high : 7;
                s64 signed_one;
                struct inner *pointer;
                struct { u16 x; } __attribute__((packed)) tail;
            } ;
            struct tight { u8 a; u64 b; } __attribute__((packed));
            BPF_HASH(by_tight, struct tight, struct shapes);
            """;

    @Test
    @Tag("native")
    void btfIsExact() {
        CompiledModule module = Compiler.compile(SHAPES, CompilerOptions.DEFAULT);
        Btf btf = Btf.parse(module.btf());
        MapSpec map = module.maps().getFirst();
        Layout.Struct tight = (Layout.Struct) MapLayouts.key(map, btf);
        assertThat(tight.size()).isEqualTo(9);
        assertThat(tight.member("b").orElseThrow().offset()).isEqualTo(1);
        Layout.Struct shapes = (Layout.Struct) MapLayouts.value(map, btf);
        assertThat(shapes.size()).isEqualTo(map.valueSize());
        assertThat(shapes.describe()).isEqualTo("""
                        struct shapes { // 112 bytes: offset, size, type, name
                             0   48  u64[2][3] grid
                            48    6  mac_t mac
                            56    4  enum color color
                            60    8  struct inner inner
                            68    4  u32 v4
                            68   16  u8[16] raw
                            84    4  unsigned int low : 3, from bit 0
                            84    4  unsigned int high : 7, from bit 3
                            88    8  s64 signed_one
                            96    8  struct inner * pointer
                           104    2  struct {...} tail
                        }""");
        assertThat(shapes.member("color").orElseThrow().type())
                .isInstanceOfSatisfying(
                        Layout.Enumeration.class,
                        e -> assertThat(e.constants()).containsEntry("RED", 3L).containsEntry("GREEN", 0x7fffffffL));
        assertThat(((Layout.Typedef) shapes.member("mac").orElseThrow().type())
                        .target()
                        .name())
                .isEqualTo("u8[6]");
    }

    @Test
    void brokenBtfIsRefused() {
        assertThat(Btf.parse(new byte[0]).count()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Btf.parse(new byte[40]))
                .withMessageContaining("not BTF");
        byte[] header = new byte[24];
        header[0] = (byte) 0x9f;
        header[1] = (byte) 0xeb;
        header[4] = 24;
        assertThat(Btf.parse(header).count()).isZero();
        header[12] = 100;
        assertThatIllegalArgumentException().isThrownBy(() -> Btf.parse(header)).withMessageContaining("outside");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Btf.parse(new byte[0]).type(1))
                .withMessage("BTF has no type 1");
    }

    @Test
    void descriptionsOfTheRightSizeServeWithoutBtf() {
        assertThat(JsonLayouts.parse("\"unsigned long long\"", 8))
                .hasValueSatisfying(l -> assertThat(l.size()).isEqualTo(8));
        String struct =
                "[\"key\", [[\"pid\", \"unsigned int\"], [\"__pad_1\", \"char\", [4]], [\"ns\", \"unsigned long long\"], [\"comm\","
                        + " \"char\", [16]]], \"struct_packed\"]";
        Layout.Struct key = (Layout.Struct) JsonLayouts.parse(struct, 32).orElseThrow();
        assertThat(key.members()).extracting(Layout.Member::name).containsExactly("pid", "ns", "comm");
        assertThat(key.member("ns").orElseThrow().offset()).isEqualTo(8);
        assertThat(JsonLayouts.parse("\"char\"", 16).orElseThrow().name()).isEqualTo("char[16]");
    }

    @Test
    void descriptionsThatDoNotAddUpAreRefused() {
        assertThat(JsonLayouts.parse("[\"k\", [[\"m\", \"unsigned long long\", [2]]], \"struct\"]", 48))
                .isEmpty();
        assertThat(JsonLayouts.parse("[\"k\", [[\"m\", \"unsigned int\", 3]], \"struct\"]", 8))
                .isEmpty();
        assertThat(JsonLayouts.parse("", 4)).isEmpty();
    }

    @Test
    void fieldsOfAnEventAloneGiveTheNaturalLayout() {
        Layout.Struct event = (Layout.Struct) EventLayouts.resolve(
                List.of("pid#u32", "ns#u64", "comm#char [16]", "grid#u8[2][3]", "p#struct x *"),
                Btf.parse(new byte[0]));
        assertThat(event.describe()).isEqualTo("""
                        struct {...} { // 48 bytes: offset, size, type, name
                             0    4  u32 pid
                             8    8  u64 ns
                            16   16  char[16] comm
                            32    6  u8[2][3] grid
                            40    8  struct x* p
                        }""");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLayouts.resolve(List.of("x#struct unknown"), Btf.parse(new byte[0])))
                .withMessageContaining("the layout of struct unknown is not in the program's type information");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLayouts.resolve(List.of(), Btf.parse(new byte[0])))
                .withMessage(
                        "no function of the C text submits a struct to this buffer: libbcc tells the type of structs only,"
                                + " so put a union or a plain number into one");
    }
}

package io.github.bcc4j.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.MapSpec;
import java.util.List;
import java.util.Optional;
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
                           104    2    u16 x
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

    private static String described(String json, long size) {
        return JsonLayouts.parse(json, size).map(Layout::describe).orElse("refused");
    }

    /** Offsets and sizes as clang 14 gives for BPF. */
    @Test
    void describedBitFieldsArePackedAsTheAbiSays() {
        String json = """
                ["bits", [["a", "unsigned char"], ["b", "unsigned int", 3], ["c", "unsigned int", 30], ["", "unsigned int", 0],
                 ["d", "unsigned short", 4], ["e", "unsigned long long", 40], ["f", "unsigned char"]], "struct"]""";
        assertThat(described(json, 16)).isEqualTo("""
                        struct bits { // 16 bytes: offset, size, type, name
                             0    1  unsigned char a
                             1    4  unsigned int b : 3, from bit 0
                             4    4  unsigned int c : 30, from bit 0
                             8    2  unsigned short d : 4, from bit 0
                             8    8  unsigned long long e : 40, from bit 4
                            14    1  unsigned char f
                        }""");
        assertThat(described(json, 24)).isEqualTo("refused");
        String wide = """
                ["wide", [["a", "unsigned char"], ["e", "unsigned long long", 60], ["b", "unsigned int", 20],
                 ["s", "unsigned short", 9], ["t", "unsigned char", 8], ["z", "int"]], "struct"]""";
        assertThat(described(wide, 32)).isEqualTo("""
                        struct wide { // 32 bytes: offset, size, type, name
                             0    1  unsigned char a
                             8    8  unsigned long long e : 60, from bit 0
                            16    4  unsigned int b : 20, from bit 0
                            18    2  unsigned short s : 9, from bit 4
                            20    1  unsigned char t : 8, from bit 0
                            24    4  int z
                        }""");
    }

    @Test
    void describedUnionsAndUnnamedMembersKeepTheirPlaces() {
        String json = """
                ["outer", [["family", "unsigned short"], ["__pad_1", "char", [6]],
                 ["", [["v4", "unsigned int"], ["v6", "unsigned __int128"]], "union"],
                 ["in", ["inner", [["x", "int"], ["__pad_end", "char", [4]]], "struct_packed"], [2]],
                 ["__padding_is_a_name", "unsigned char"], ["__pad_end", "char", [15]]], "struct_packed"]""";
        assertThat(described(json, 56)).isEqualTo("""
                        struct outer { // 56 bytes: offset, size, type, name
                             0    2  unsigned short family
                             8    4  unsigned int v4
                             8   16  unsigned __int128 v6
                            24   16  struct inner[2] in
                            40    1  unsigned char __padding_is_a_name
                        }""");
    }

    @Test
    void whatIsNoDescriptionIsRefusedInWords() {
        for (String json : List.of("[\"k\", [", "[1", "\"open", "{}", "[\"k\", [[\"a\"")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JsonLayouts.parse(json, 4))
                    .withMessage("not a type description: " + json);
        }
        assertThat(JsonLayouts.parse("[\"k\", [], \"struct\"]", 0)).isPresent();
        assertThat(JsonLayouts.parse("[\"k\", [[\"a\", \"no such type\"]], \"struct\"]", 4))
                .isEmpty();
        assertThat(JsonLayouts.parse("[\"k\", [5], \"struct\"]", 4)).isEmpty();
    }

    @Test
    void aMapWhoseTypesNobodyTellsSaysSo() {
        MapSpec map = new MapSpec(
                "t",
                1,
                4,
                56,
                1,
                0,
                0,
                0,
                -1,
                Optional.empty(),
                false,
                "\"unsigned int\"",
                "[\"v\", [[\"m\", \"unsigned long long\", [2]]], \"struct\"]",
                List.of());
        Btf none = Btf.parse(new byte[0]);
        assertThat(MapLayouts.key(map, none).name()).isEqualTo("unsigned int");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> MapLayouts.value(map, none))
                .withMessage("the layout of the value of table \"t\" is not known: libbcc describes it as"
                        + " [\"v\", [[\"m\", \"unsigned long long\", [2]]], \"struct\"], which is not of its 56 bytes");
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

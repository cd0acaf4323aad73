package io.github.bcc4j.type;

import static io.github.bcc4j.type.BtfBuilder.Member.at;
import static io.github.bcc4j.type.BtfBuilder.Member.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The struct behind the fields that libbcc tells. */
class EventLayoutsTest {
    private final BtfBuilder b = new BtfBuilder();
    private final int u8 = b.typedef("u8", b.integer("unsigned char", 1, false));
    private final int u32 = b.typedef("u32", b.integer("unsigned int", 4, false));
    private final int u64 = b.typedef("u64", b.integer("unsigned long long", 8, false));
    private final int chars = b.array(b.integer("char", 1, true), 16);

    private static String name(Layout layout) {
        return layout.name();
    }

    @Test
    void itIsTheOneWithTheseNamesAndTypes() {
        b.struct("other", 16, at("pid", u64, 0), at("ns", u64, 8));
        b.struct("packed", 12, at("pid", u32, 0), at("ns", u64, 4));
        b.struct("more", 24, at("pid", u32, 0), at("ns", u64, 8), at("last", u64, 16));
        Btf btf = b.build();
        Layout found = EventLayouts.resolve(List.of("pid#u32", "ns#u64"), btf);
        assertThat(name(found)).isEqualTo("struct packed");
        assertThat(found.size()).isEqualTo(12);
        assertThat(name(EventLayouts.resolve(List.of("pid#const unsigned int", "ns#volatile u64"), btf)))
                .isEqualTo("struct packed");
        assertThat(EventLayouts.resolve(List.of("pid#u64", "ns#u32"), btf).describe())
                .isEqualTo("""
                        struct {...} { // 16 bytes: offset, size, type, name
                             0    8  u64 pid
                             8    4  u32 ns
                        }""");
    }

    @Test
    void bitFieldsAndUnnamedMembersComeFromTheProgramsTypes() {
        int address = b.union("", 8, at("v4", u32, 0), at("v6", u64, 0));
        int part = b.struct("", 4, at("x", u32, 0));
        b.struct(
                "event",
                48,
                bits("low", u32, 0, 3),
                bits("high", u32, 3, 7),
                bits("", address, 64, 0),
                bits("part", part, 128, 0),
                bits("comm", chars, 160, 0),
                bits("list", b.array(b.pointer(u8), 1), 320, 0));
        Layout found = EventLayouts.resolve(
                List.of(
                        "low#u32",
                        "high#u32",
                        "#union event::(anonymous at /virtual/main.c:7:79)",
                        "part#struct (unnamed struct at /virtual/main.c:7:105)",
                        "comm#char [16]",
                        "list#u8 *[1]"),
                b.build());
        assertThat(name(found)).isEqualTo("struct event");
        assertThat(((Layout.Struct) found).member("v6").orElseThrow().offset()).isEqualTo(8);
    }

    @Test
    void aChoiceBetweenDifferentLayoutsIsNotGuessed() {
        b.struct("wide", 16, at("pid", u32, 0), at("ns", u64, 8));
        b.struct("tight", 12, at("pid", u32, 0), at("ns", u64, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLayouts.resolve(List.of("pid#u32", "ns#u64"), b.build()))
                .withMessage(
                        "several structs of the C text have the fields pid, ns, at different places, and libbcc does"
                                + " not tell which is submitted: struct wide, struct tight; give one of them other names");
    }

    @Test
    void twinsAreAsGoodAsOne() {
        b.struct("one", 16, at("pid", u32, 0), at("ns", u64, 8));
        b.struct("two", 16, at("pid", u32, 0), at("ns", u64, 8));
        assertThat(name(EventLayouts.resolve(List.of("pid#u32", "ns#u64"), b.build())))
                .isEqualTo("struct one");
    }

    @Test
    void whatIsNotAmongTheTypesIsLaidOutAsCDoes() {
        assertThat(EventLayouts.resolve(
                                List.of(
                                        "ok#bool",
                                        "name#const char *",
                                        "call#void (*)(int, long)",
                                        "grid#u8[2][3]",
                                        "big#unsigned __int128",
                                        "last#volatile u32"),
                                b.build())
                        .describe())
                .isEqualTo("""
                        struct {...} { // 64 bytes: offset, size, type, name
                             0    1  bool ok
                             8    8  char* name
                            16    8  void (*)(int, long) call
                            24    6  u8[2][3] grid
                            32   16  unsigned __int128 big
                            48    4  u32 last
                        }""");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLayouts.resolve(List.of("pid"), b.build()))
                .withMessage("not a field of an event: pid");
    }
}

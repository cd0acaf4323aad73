package io.github.bcc4j.type;

import static io.github.bcc4j.type.CodecsTest.BOOL;
import static io.github.bcc4j.type.CodecsTest.CHAR;
import static io.github.bcc4j.type.CodecsTest.S32;
import static io.github.bcc4j.type.CodecsTest.U128;
import static io.github.bcc4j.type.CodecsTest.U16;
import static io.github.bcc4j.type.CodecsTest.U32;
import static io.github.bcc4j.type.CodecsTest.U64;
import static io.github.bcc4j.type.CodecsTest.U8;
import static io.github.bcc4j.type.CodecsTest.at;
import static io.github.bcc4j.type.CodecsTest.roundTrip;
import static io.github.bcc4j.type.CodecsTest.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is bound by which rule, and what is refused: when binding, when writing, when reading. */
class CodecRulesTest {
    private static <T> void refused(Class<T> type, Layout layout, T value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> roundTrip(type, layout, value))
                .withMessage(message);
    }

    private static void mismatch(Class<?> type, Layout layout, String... problems) {
        assertThatExceptionOfType(LayoutMismatchException.class)
                .isThrownBy(() -> Codecs.bind(type, layout, "value of \"t\""))
                .satisfies(e -> assertThat(e.problems()).containsExactly(problems));
    }

    @Test
    void numbersThatDoNotFitAreNotCut() {
        refused(Long.class, U32, 1L << 32, "value: 4294967296 does not fit in u32");
        refused(Long.class, U32, -1L, "value: -1 does not fit in u32");
        refused(Long.class, S32, 1L << 31, "value: 2147483648 does not fit in int");
        refused(Integer.class, U16, -1, "value: -1 does not fit in u16");
        refused(Integer.class, U16, 65536, "value: 65536 does not fit in u16");
        assertThat(roundTrip(Long.class, S32, -1L << 31)).isEqualTo(-1L << 31);
        refused(BigInteger.class, U64, BigInteger.TWO.pow(64), "value: 18446744073709551616 does not fit in u64");
        refused(BigInteger.class, U64, BigInteger.valueOf(-1), "value: -1 does not fit in u64");
        refused(BigInteger.class, U128, BigInteger.valueOf(-1), "value: -1 does not fit in unsigned __int128");
        refused(Character.class, U8, '\u20ac', "value: 8364 does not fit in u8");
        assertThat(roundTrip(Character.class, CHAR, '\u00e9')).isEqualTo('\u00e9');
        refused(Object.class, U16, 70_000L, "value: 70000 does not fit in u16");
        refused(Object.class, U64, BigInteger.TWO.pow(64), "value: 18446744073709551616 does not fit in u64");
        assertThat(roundTrip(Object.class, U64, BigInteger.TWO.pow(63))).isEqualTo(BigInteger.TWO.pow(63));
    }

    @Test
    void signednessMustBeSaidAndTrue() {
        record Plain(int pid, short port, byte flags) {}
        record Said(
                @Unsigned int pid,
                @Unsigned short port,
                @Unsigned byte flags) {}
        record Wider(long pid, int port, short flags) {}
        record Untrue(@Unsigned int change) {}
        Layout layout = struct("s", 8, at(0, "pid", U32), at(4, "port", U16), at(6, "flags", U8));
        mismatch(
                Plain.class,
                layout,
                "pid: u32 in C is unsigned and would turn negative in int: use @Unsigned int, or long",
                "port: u16 in C is unsigned and would turn negative in short: use @Unsigned short, or int",
                "flags: u8 in C is unsigned and would turn negative in byte: use @Unsigned byte, or int");
        assertThat(roundTrip(Said.class, layout, new Said(-1, (short) -2, (byte) -3)))
                .isEqualTo(new Said(-1, (short) -2, (byte) -3));
        assertThat(roundTrip(Wider.class, layout, new Wider(0xffff_ffffL, 65535, (short) 255)))
                .isEqualTo(new Wider(0xffff_ffffL, 65535, (short) 255));
        mismatch(Untrue.class, struct("s", 4, at(0, "change", S32)), "change: int in C is signed: leave out @Unsigned");
    }

    enum Level {
        LOW,
        HIGH
    }

    @Test
    void enumsByOrdinalAndInBitFields() {
        record Annotated(@Ordinal Level level, Level bits) {}
        record Bare(Level level) {}
        record Misused(@Ordinal long level) {}
        Layout cLevel = new Layout.Enumeration("enum level", 4, false, Map.of("LOW", 2L, "HIGH", 5L));
        Layout layout = new Layout.Struct(
                "struct s", 8, List.of(at(0, "level", U16), new Layout.Member("bits", 35, 3, cLevel)), false);
        assertThat(roundTrip(Annotated.class, layout, new Annotated(Level.HIGH, Level.HIGH)))
                .isEqualTo(new Annotated(Level.HIGH, Level.HIGH));
        mismatch(
                Bare.class,
                layout,
                "level: u16 in C is no enum: use @Ordinal Level if it holds the constants' ordinals");
        mismatch(Misused.class, layout, "level: @Ordinal is for Java enums, not long");
        Codec<Annotated> codec = Codecs.bind(Annotated.class, layout, "event of \"e\"");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> codec.read(MemorySegment.ofArray(new byte[] {2, 0, 0, 0, 0, 0, 0, 0}), 0))
                .withMessage("level of event of \"e\": Level has no constant for 2");
        Layout other = new Layout.Enumeration("enum other", 4, false, new LinkedHashMap<>(Map.of("MID", 1L)));
        mismatch(Level.class, other, "value of \"t\": enum other in C has no LOW, HIGH; it has MID");
    }

    @Test
    void bitFieldsRefuseWhatIsTooWideOrTooLarge() {
        record Fits(int low, boolean on, Object rest) {}
        record Byte8(byte wide) {}
        record Text(String low) {}
        Layout layout = new Layout.Struct(
                "struct s",
                4,
                List.of(
                        new Layout.Member("low", 3, 7, U32),
                        new Layout.Member("on", 10, 1, U32),
                        new Layout.Member("rest", 11, 4, S32),
                        new Layout.Member("wide", 15, 9, U32)),
                false);
        assertThat(roundTrip(Fits.class, layout, new Fits(127, true, -8L))).isEqualTo(new Fits(127, true, -8L));
        refused(Fits.class, layout, new Fits(128, true, 0L), "low of value: 128 does not fit in u32 : 7");
        refused(Fits.class, layout, new Fits(1, true, 8L), "rest of value: 8 does not fit in int : 4");
        mismatch(Byte8.class, layout, "wide: u32 : 9 in C, 9 bits, is too wide for byte in Java: use int or long");
        mismatch(Text.class, layout, "low: u32 : 7 in C can't be String in Java");
    }

    @Test
    void writingABitFieldLeavesItsNeighbours() {
        record One(int middle) {}
        Layout layout = new Layout.Struct("struct s", 8, List.of(new Layout.Member("middle", 13, 30, U64)), false);
        Codec<One> codec = Codecs.bind(One.class, layout, "value");
        byte[] bytes = new byte[8];
        Arrays.fill(bytes, (byte) 0xff);
        codec.write(MemorySegment.ofArray(bytes), 0, new One(0));
        assertThat(bytes).containsExactly(0xff, 0x1f, 0x00, 0x00, 0x00, 0xf8, 0xff, 0xff);
    }

    record Point(int x, int y) {}

    record Path(List<Point> points, List<List<Integer>> grid) {}

    @Test
    void listsAreArraysThatCanBeCompared() {
        Layout point = struct("point", 8, at(0, "x", S32), at(4, "y", S32));
        Layout layout = struct(
                "path",
                32,
                at(0, "points", new Layout.Array(point, 2)),
                at(16, "grid", new Layout.Array(new Layout.Array(S32, 2), 2)));
        Path path = new Path(List.of(new Point(1, 2), new Point(3, 4)), List.of(List.of(5, 6), List.of(7, 8)));
        assertThat(roundTrip(Path.class, layout, path)).isEqualTo(path);
        refused(
                Path.class,
                layout,
                new Path(List.of(), path.grid()),
                "points of value: 0 elements for struct point[2]");
        record Wrong(List<String> points) {}
        mismatch(Wrong.class, layout, "points[]: struct point in C can't be String in Java");
        record Raw(Map<String, String> points) {}
        mismatch(Raw.class, layout, "points: struct point[2] in C can't be Map<String, String> in Java");
    }

    record Inner(@Unsigned int id, boolean on) {}

    record Outer(Inner in) {}

    @Test
    void problemsInsideAreNamedByTheirPath() {
        Layout inner = struct("inner", 16, at(0, "id", U64), at(8, "other", BOOL));
        mismatch(
                Outer.class,
                struct("outer", 16, at(0, "in", inner)),
                "in.id: u64 in C, 8 bytes, is too wide for int in Java: use long",
                "in.on: struct inner has no such member; it has id, other");
        Layout fits = struct("outer", 8, at(0, "in", struct("inner", 8, at(0, "id", U32), at(4, "on", BOOL))));
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> roundTrip(Outer.class, fits, new Outer(null)))
                .withMessage("in of Outer for struct outer is null");
    }

    @Test
    void addressesAreOfTheRightFamilyAndKind() throws Exception {
        InetAddress v6 = InetAddress.getByName("2001:db8::1");
        InetAddress mapped = Inet6Address.getByAddress(
                null, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 1, 2, 3, 4}, -1);
        Layout in6 = struct("in6_addr", 16, at(0, "raw", new Layout.Array(U8, 16)));
        assertThat(roundTrip(InetAddress.class, in6, v6)).isEqualTo(v6);
        assertThat(roundTrip(InetAddress.class, in6, mapped)).isInstanceOf(Inet6Address.class);
        assertThat(roundTrip(InetAddress.class, new Layout.Array(U32, 4), v6)).isEqualTo(v6);
        assertThat(roundTrip(Inet4Address.class, struct("in_addr", 4, at(0, "s_addr", U32)), (Inet4Address)
                        InetAddress.getByName("192.0.2.7")))
                .hasToString("/192.0.2.7");
        refused(InetAddress.class, U32, v6, "value: 2001:db8:0:0:0:0:0:1 has 16 bytes, u32 has 4");
        mismatch(Inet6Address.class, U32, "value of \"t\": u32 in C can't be Inet6Address in Java");
        mismatch(
                InetAddress.class,
                new Layout.Floating("float", 4),
                "value of \"t\": float in C can't be InetAddress in Java");
        mismatch(
                InetAddress.class,
                struct("ports", 4, at(0, "from", U16), at(2, "to", U16)),
                "value of \"t\": struct ports in C can't be InetAddress in Java");
    }

    @Test
    void aUnionIsWrittenInTurnAndWithoutItsNulls() {
        record Either(Long wide, Short narrow) {}
        Layout union = new Layout.Struct("union either", 8, List.of(at(0, "wide", U64), at(0, "narrow", U16)), true);
        mismatch(
                Either.class,
                union,
                "narrow: u16 in C is unsigned and would turn negative in short: use @Unsigned short, or int");
        record Right(Long wide, @Unsigned Short narrow) {}
        assertThat(roundTrip(Right.class, union, new Right(0x11_2233_4455_6677L, (short) 0x1234)))
                .isEqualTo(new Right(0x11_2233_4455_1234L, (short) 0x1234));
        assertThat(roundTrip(Right.class, union, new Right(null, (short) -1)))
                .isEqualTo(new Right(0xffffL, (short) -1));
    }

    @Test
    void naturalValuesAreWrittenWithinTheirBounds() {
        Layout layout = struct("s", 8, at(0, "v", new Layout.Array(U16, 2)), at(4, "next", U32));
        refused(Object.class, layout, Map.of("v", List.of(1L, 2L, 3L)), "v of value: 3 elements for u16[2]");
        refused(Object.class, layout, Map.of("w", 1L), "value: struct s has no member w");
        refused(Object.class, new Layout.Array(CHAR, 4), "12345", "value: \"12345\" is longer than 4 bytes");
        Layout bits = new Layout.Struct(
                "struct bits",
                8,
                List.of(new Layout.Member("a", 1, 3, S32), new Layout.Member("b", 4, 60, U64)),
                false);
        Map<String, Object> value = Map.of("a", -4L, "b", (1L << 60) - 1);
        assertThat(roundTrip(Object.class, bits, value)).isEqualTo(value);
    }

    @Test
    void aTypeMayHaveParameters() throws Exception {
        Codec<?> codec = Codecs.bind(
                Path.class.getRecordComponents()[1].getGenericType(),
                new Layout.Array(new Layout.Array(S32, 1), 2),
                "grid");
        assertThat(codec.read(MemorySegment.ofArray(new byte[] {1, 0, 0, 0, 2, 0, 0, 0}), 0))
                .isEqualTo(List.of(List.of(1), List.of(2)));
        assertThatExceptionOfType(LayoutMismatchException.class)
                .isThrownBy(() -> Codecs.bind(Path.class.getRecordComponents()[1].getGenericType(), U32, "grid"))
                .withMessage("""
                        grid does not fit List<List<Integer>>:
                          grid: u32 in C can't be List<List<Integer>> in Java
                        In C it is u32, 4 bytes""");
    }

    @Test
    void aTypedefMayBeRestatedByEitherName() {
        record Both(
                @CType("u32") long a,
                @CType("unsigned int") long b,
                @CType("char [16]") String c) {}
        Layout layout = struct("s", 24, at(0, "a", U32), at(4, "b", U32), at(8, "c", new Layout.Array(CHAR, 16)));
        assertThat(roundTrip(Both.class, layout, new Both(1, 2, "x"))).isEqualTo(new Both(1, 2, "x"));
    }

    @Test
    void aThrowingRecordThrowsItsOwnException() {
        record Picky(long id) {
            Picky {
                if (id == 0) {
                    throw new IllegalStateException("no id");
                }
            }
        }
        Codec<Picky> codec = Codecs.bind(Picky.class, struct("s", 8, at(0, "id", U64)), "value");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(8);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> codec.read(memory, 0))
                    .withMessage("no id");
            memory.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, 5);
            assertThat(codec.read(memory, 0)).isEqualTo(new Picky(5));
        }
    }
}

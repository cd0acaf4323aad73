package io.github.bcc4j.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every shape there and back, and every misfit refused with both sides in the message. */
class CodecsTest {
    static final Layout U8 = new Layout.Int("u8", 1, false, false);
    static final Layout U16 = new Layout.Int("u16", 2, false, false);
    static final Layout U32 = new Layout.Typedef("u32", new Layout.Int("unsigned int", 4, false, false));
    static final Layout S32 = new Layout.Int("int", 4, true, false);
    static final Layout U64 = new Layout.Int("u64", 8, false, false);
    static final Layout CHAR = new Layout.Int("char", 1, true, false);
    static final Layout BOOL = new Layout.Int("_Bool", 1, false, true);
    static final Layout U128 = new Layout.Int("unsigned __int128", 16, false, false);

    static Layout.Member at(long offset, String name, Layout type) {
        return new Layout.Member(name, offset * 8, 0, type);
    }

    static Layout.Struct struct(String name, long size, Layout.Member... members) {
        return new Layout.Struct("struct " + name, size, List.of(members), false);
    }

    /** Writes a value at an odd address into memory that is not zero, and reads it back, also by a method handle. */
    static <T> T roundTrip(Class<T> type, Layout layout, T value) {
        Codec<T> codec = Codecs.bind(type, layout, "value");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(codec.size() + 8, 8);
            codec.write(memory, 3, value);
            assertThat(codec.size()).isEqualTo(layout.size());
            T read = codec.read(memory, 3);
            assertThat(comparable(byHandle(codec, memory)))
                    .usingRecursiveComparison()
                    .isEqualTo(comparable(read));
            return read;
        }
    }

    private static Object comparable(Object value) {
        return value instanceof MemorySegment segment ? segment.toArray(ValueLayout.JAVA_BYTE) : value;
    }

    private static Object byHandle(Codec<?> codec, MemorySegment memory) {
        try {
            return (Object) Codecs.reader(codec).invokeExact(memory, 3L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void integersOfAnyWidth() {
        assertThat(roundTrip(Long.class, U64, -1L)).isEqualTo(-1L);
        assertThat(roundTrip(Long.class, U32, 0xffff_ffffL)).isEqualTo(0xffff_ffffL);
        assertThat(roundTrip(Integer.class, U32, -1)).isEqualTo(-1);
        assertThat(roundTrip(Integer.class, S32, -5)).isEqualTo(-5);
        assertThat(roundTrip(Integer.class, U16, 65535)).isEqualTo(65535);
        assertThat(roundTrip(Short.class, U8, (short) 255)).isEqualTo((short) 255);
        assertThat(roundTrip(BigInteger.class, U64, BigInteger.TWO.pow(64).subtract(BigInteger.ONE)))
                .isEqualTo(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
        assertThat(roundTrip(BigInteger.class, U128, BigInteger.TWO.pow(127))).isEqualTo(BigInteger.TWO.pow(127));
        assertThat(roundTrip(Boolean.class, BOOL, true)).isTrue();
        assertThat(roundTrip(Double.class, new Layout.Floating("float", 4), 1.5))
                .isEqualTo(1.5);
    }

    @Test
    void textsAndBytes() {
        Layout comm = new Layout.Array(CHAR, 16);
        assertThat(roundTrip(String.class, comm, "käse")).isEqualTo("käse");
        assertThat(roundTrip(String.class, comm, "0123456789abcdef")).isEqualTo("0123456789abcdef");
        byte[] raw = "ab\0cd56789abcdef".getBytes();
        assertThat(roundTrip(byte[].class, comm, raw)).isEqualTo(raw);
        assertThat(roundTrip(MemorySegment.class, comm, MemorySegment.ofArray(raw))
                        .toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(raw);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> roundTrip(byte[].class, comm, new byte[5]))
                .withMessage("value: 5 bytes for char[16] of 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> roundTrip(String.class, comm, "0123456789abcdefg"))
                .withMessage("value: \"0123456789abcdefg\" is longer than 16 bytes");
    }

    record Point(int x, int y) {}

    @Test
    void arraysOfNumbersOfArraysAndOfRecords() {
        Layout point = struct("point", 8, at(0, "x", S32), at(4, "y", S32));
        assertThat(roundTrip(long[].class, new Layout.Array(U64, 3), new long[] {1, -2, 3}))
                .containsExactly(1, -2, 3);
        assertThat(roundTrip(
                        int[][].class, new Layout.Array(new Layout.Array(S32, 2), 2), new int[][] {{1, 2}, {3, 4}}))
                .isDeepEqualTo(new int[][] {{1, 2}, {3, 4}});
        assertThat(roundTrip(Point[].class, new Layout.Array(point, 2), new Point[] {new Point(1, 2), new Point(3, 4)}))
                .containsExactly(new Point(1, 2), new Point(3, 4));
    }

    record Nested(@Unsigned int id, Point where, String comm, boolean on) {}

    @Test
    void recordsInRecordsWithSnakeCaseAndGaps() {
        Layout point = struct("point", 8, at(0, "x", S32), at(4, "y", S32));
        Layout layout = struct(
                "nested",
                40,
                at(0, "id", U32),
                at(4, "unread", U32),
                at(8, "where", point),
                at(16, "comm", new Layout.Array(CHAR, 16)),
                at(32, "on", BOOL));
        Nested value = new Nested(-1, new Point(-7, 8), "sh", true);
        assertThat(roundTrip(Nested.class, layout, value)).isEqualTo(value);

        record Camel(long startNs) {}
        assertThat(roundTrip(Camel.class, struct("s", 8, at(0, "start_ns", U64)), new Camel(9)))
                .isEqualTo(new Camel(9));
    }

    @Test
    void bitFieldsAtAnyBit() {
        record Bits(
                int three,
                byte signed,
                boolean flag,
                @Unsigned int wide) {}
        Layout layout = new Layout.Struct(
                "struct bits",
                8,
                List.of(
                        new Layout.Member("three", 0, 3, U32),
                        new Layout.Member("signed", 3, 5, S32),
                        new Layout.Member("flag", 8, 1, U32),
                        new Layout.Member("wide", 9, 32, U64)),
                false);
        Bits value = new Bits(5, (byte) -16, true, 0x9abcdef0);
        assertThat(roundTrip(Bits.class, layout, value)).isEqualTo(value);
    }

    @Test
    void unionsReadEveryMemberAndWriteTheOneThatIsThere() {
        record Either(Integer number, byte[] bytes) {}
        Layout union = new Layout.Struct(
                "union either", 4, List.of(at(0, "number", S32), at(0, "bytes", new Layout.Array(U8, 4))), true);
        Either read = roundTrip(Either.class, union, new Either(0x04030201, null));
        assertThat(read.number()).isEqualTo(0x04030201);
        assertThat(read.bytes()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void membersOfAnonymousUnionsCountAsTheOuters() {
        Layout anonymous = new Layout.Struct(
                "union {...}", 4, List.of(at(0, "v4", U32), at(0, "raw", new Layout.Array(U8, 4))), true);
        record Outer(@Unsigned int family, Inet4Address v4) {}
        Layout outer = struct("outer", 8, at(0, "family", U32), at(4, "", anonymous));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(8);
            memory.copyFrom(MemorySegment.ofArray(new byte[] {2, 0, 0, 0, 127, 0, 0, 1}));
            Outer read = Codecs.bind(Outer.class, outer, "outer").read(memory, 0);
            assertThat(read.v4().getHostAddress()).isEqualTo("127.0.0.1");
            assertThat(read.family()).isEqualTo(2);
        }
    }

    @Test
    void addresses() throws Exception {
        InetAddress v4 = InetAddress.getByName("192.0.2.7");
        InetAddress v6 = InetAddress.getByName("2001:db8::1");
        assertThat(roundTrip(InetAddress.class, U32, v4)).isEqualTo(v4);
        assertThat(roundTrip(Inet6Address.class, new Layout.Array(U8, 16), (Inet6Address) v6))
                .isEqualTo(v6);
        assertThat(roundTrip(InetAddress.class, U128, v6)).isEqualTo(v6);
    }

    enum Color {
        RED,
        GREEN
    }

    @Test
    void enumsByTheNamesOfTheirConstants() {
        Map<String, Long> constants = new LinkedHashMap<>(Map.of("GREEN", 5L, "RED", 7L, "BLUE", 9L));
        Layout color = new Layout.Enumeration("enum color", 4, false, constants);
        assertThat(roundTrip(Color.class, color, Color.RED)).isEqualTo(Color.RED);
        Codec<Color> codec = Codecs.bind(Color.class, color, "color");
        MemorySegment blue = MemorySegment.ofArray(new byte[] {9, 0, 0, 0});
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> codec.read(blue, 0))
                .withMessage("color: Color has no constant for 9");
    }

    @Test
    void withoutAClassValuesTakeTheirNaturalForm() {
        Layout layout = struct(
                "event",
                32,
                at(0, "pid", U32),
                at(8, "ns", U64),
                at(16, "comm", new Layout.Array(CHAR, 8)),
                at(24, "v", new Layout.Array(U16, 2)));
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("pid", 0xffff_ffffL);
        value.put("ns", BigInteger.TWO.pow(63));
        value.put("comm", "sh");
        value.put("v", List.of(1L, 65535L));
        assertThat(roundTrip(Object.class, layout, value)).isEqualTo(value);
    }

    @Test
    void aMisfitNamesEachProblemAndBothSides() {
        record Wrong(int pid, int ns, String comm, long gone, short on) {}
        Layout layout =
                struct("event", 32, at(0, "pid", U32), at(8, "ns", U64), at(16, "comm", U32), at(20, "on", BOOL));
        assertThatExceptionOfType(LayoutMismatchException.class)
                .isThrownBy(() -> Codecs.bind(Wrong.class, layout, "event of \"events\""))
                .withMessage("""
                        event of "events" does not fit record Wrong(int pid, int ns, String comm, long gone, short on):
                          pid: u32 in C is unsigned and would turn negative in int: use @Unsigned int, or long
                          ns: u64 in C, 8 bytes, is too wide for int in Java: use long
                          comm: u32 in C can't be String in Java
                          gone: struct event has no such member; it has pid, ns, comm, on
                          on: _Bool in C can't be short in Java
                        In C it is struct event { // 32 bytes: offset, size, type, name
                             0    4  u32 pid
                             8    8  u64 ns
                            16    4  u32 comm
                            20    1  _Bool on
                        }""")
                .satisfies(e -> assertThat(e.problems()).hasSize(5));
    }

    @Test
    void aRestatedTypeIsCompared() {
        record Restated(@CType("u32") @Unsigned int pid) {}
        record Lies(@CType("u64") @Unsigned int pid) {}
        Layout layout = struct("event", 4, at(0, "pid", U32));
        assertThat(roundTrip(Restated.class, layout, new Restated(4))).isEqualTo(new Restated(4));
        assertThatExceptionOfType(LayoutMismatchException.class)
                .isThrownBy(() -> Codecs.bind(Lies.class, layout, "event"))
                .withMessageContaining("pid: @CType says u64, C says u32");
    }

    @Test
    void textsOfSixteenBytesOfAnyLengthAndWhatFollowsTheirEnd() {
        Codec<String> codec = Codecs.bind(String.class, new Layout.Array(CHAR, 16), "comm");
        for (int round = 0; round < 2; round++) { // the second finds what the first has made
            for (int length = 0; length <= 16; length++) {
                byte[] bytes = new byte[16];
                Arrays.fill(bytes, (byte) (round + 1));
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) ('a' + i);
                }
                if (length < 16) {
                    bytes[length] = 0;
                }
                assertThat(codec.read(MemorySegment.ofArray(bytes), 0))
                        .isEqualTo("abcdefghijklmnop".substring(0, length));
            }
        }
        assertThat(roundTrip(String.class, new Layout.Array(CHAR, 16), "\u20ac\u20ac\u20ac\u20ac\u20ac"))
                .isEqualTo("\u20ac\u20ac\u20ac\u20ac\u20ac");
        byte[] invalid = {(byte) 0xff, 'x', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
        assertThat(codec.read(MemorySegment.ofArray(invalid), 0)).isEqualTo("\ufffdx");
    }

    @Test
    void moreNamesThanAreKeptAreReadRight() {
        Codec<String> codec = Codecs.bind(String.class, new Layout.Array(CHAR, 16), "comm");
        for (int i = 0; i < 3000; i++) {
            String name = "worker/" + i % 1000;
            assertThat(codec.read(MemorySegment.ofArray(Arrays.copyOf(name.getBytes(), 16)), 0))
                    .isEqualTo(name);
        }
    }

    @Test
    void aRecordOfMoreComponentsThanAComposedHandleCanTake() {
        record Wide(
                byte c0,
                byte c1,
                byte c2,
                byte c3,
                byte c4,
                byte c5,
                byte c6,
                byte c7,
                byte c8,
                byte c9,
                byte c10,
                byte c11,
                byte c12,
                byte c13,
                byte c14,
                byte c15,
                byte c16,
                byte c17,
                byte c18,
                byte c19,
                byte c20,
                byte c21,
                byte c22,
                byte c23,
                byte c24,
                byte c25,
                byte c26,
                byte c27,
                byte c28,
                byte c29,
                byte c30,
                byte c31,
                byte c32,
                byte c33,
                byte c34,
                byte c35,
                byte c36,
                byte c37,
                byte c38,
                byte c39,
                byte c40,
                byte c41,
                byte c42,
                byte c43,
                byte c44,
                byte c45,
                byte c46,
                byte c47,
                byte c48,
                byte c49,
                byte c50,
                byte c51,
                byte c52,
                byte c53,
                byte c54,
                byte c55,
                byte c56,
                byte c57,
                byte c58,
                byte c59,
                byte c60,
                byte c61,
                byte c62,
                byte c63,
                byte c64,
                byte c65,
                byte c66,
                byte c67,
                byte c68,
                byte c69,
                byte c70,
                byte c71,
                byte c72,
                byte c73,
                byte c74,
                byte c75,
                byte c76,
                byte c77,
                byte c78,
                byte c79,
                byte c80,
                byte c81,
                byte c82,
                byte c83,
                byte c84) {}
        Layout.Member[] members = new Layout.Member[85];
        for (int i = 0; i < members.length; i++) {
            members[i] = at(i, "c" + i, CHAR);
        }
        Codec<Wide> codec = Codecs.bind(Wide.class, struct("wide", 85, members), "wide");
        byte[] bytes = new byte[90];
        bytes[3 + 84] = 7;
        MemorySegment memory = MemorySegment.ofArray(bytes);
        assertThat(codec.read(memory, 3).c84()).isEqualTo((byte) 7);
        assertThat(byHandle(codec, memory)).isEqualTo(codec.read(memory, 3));
    }

    @Test
    void otherThanAllElementsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> roundTrip(long[].class, new Layout.Array(U64, 2), new long[3]))
                .withMessage("value: 3 elements for u64[2]");
    }
}

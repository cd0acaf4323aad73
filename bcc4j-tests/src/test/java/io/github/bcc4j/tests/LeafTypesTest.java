package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Layout;
import io.github.bcc4j.type.Unsigned;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Types of keys and values: what Java writes a program reads, and the other way round. */
@Tag("native")
class LeafTypesTest {
    private static final String TEXT = """
            BPF_HASH(bits, int, struct { u64 a; u64 b; u64 c:36; u64 d:28; struct { u32 a; u32 b; } s; }, 10);
            BPF_HASH(rows, int, struct { u32 a[3]; u32 b; }, 10);
            struct Place { char name[128]; char path[128]; };
            struct Trace { uint32_t pid; uint32_t tid; struct Place stack[64]; };
            BPF_TABLE("array", int, struct Trace, traces, 1);

            struct node { struct node *self; struct node *other; struct node *both[2]; };
            struct empty { };
            union nothing { struct empty *pointer; struct empty one; struct empty two; };
            BPF_ARRAY(nodes, struct node, 1);
            BPF_ARRAY(pointers, struct node *, 1);
            BPF_ARRAY(unions, union nothing, 1);

            BPF_HASH(by_default);
            BPF_HASH(by_key, u32);
            BPF_HASH(by_both, u32, int);
            BPF_HASH(tunnels, struct bpf_tunnel_key, int, 4);

            enum color { RED, GREEN = 7 };
            struct painted { enum color color; };
            BPF_HASH(paints, struct painted);

            BPF_HASH(wide, unsigned __int128, __int128);

            struct padded {
                u32 first;
                struct { char letter; __int128 big; };
                u8 octet;
                unsigned __int128 huge;
                char last;
            };
            struct aligned { u8 from[4] __attribute__((aligned(8))); u8 to[4] __attribute__((aligned(8))); };
            BPF_HASH(paddings, struct padded, struct aligned);

            struct tight { u16 a; u32 b; } __packed;
            BPF_TABLE("hash", u32, struct tight, tights, 2);

            int sum_of_bits(void *ctx) {
                int key = 2;
                typeof(bits.leaf) *v = bits.lookup(&key);
                if (!v)
                    return -1;
                v->c += 1;
                v->d = v->d + 2;
                v->s.b = 60;
                return v->a + 10 * v->b + 100 * (v->c >> 32) + 1000 * v->d + v->s.a;
            }
            int sum_of_row(void *ctx) {
                int key = 2;
                typeof(rows.leaf) *v = rows.lookup(&key);
                if (!v)
                    return -1;
                v->a[1] *= 10;
                return v->a[0] + v->a[1] + v->a[2] + v->b;
            }
            int third_letters(void *ctx) {
                int key = 0;
                struct Trace *t = traces.lookup(&key);
                if (!t)
                    return -1;
                t->stack[63].name[0] = 'Z';
                return t->stack[0].name[2] + 256 * t->stack[1].path[2];
            }
            int is_itself(void *ctx) {
                int key = 0;
                struct node *n = nodes.lookup(&key);
                struct node **p = pointers.lookup(&key);
                return n && p && n->self == n->both[1] && n->other == n->both[0] && *p == n->other;
            }
            int paint(void *ctx) {
                struct painted green = { .color = GREEN };
                paints.increment(green);
                return 0;
            }
            int double_wide(void *ctx) {
                unsigned __int128 key = (unsigned __int128)0xb80d0120 | (unsigned __int128)5 << 120;
                __int128 *v = wide.lookup(&key);
                if (!v)
                    return -1;
                *v = *v + *v;
                return 1;
            }
            int swap_ends(void *ctx) {
                struct padded key;
                __builtin_memset(&key, 0, sizeof(key));
                key.first = 1;
                key.letter = 'b';
                key.big = -3;
                key.octet = 200;
                key.huge = (unsigned __int128)1 << 127;
                key.last = 'f';
                struct aligned *v = paddings.lookup(&key), changed = {};
                if (!v)
                    return -1;
                __builtin_memcpy(changed.from, v->to, 4);
                __builtin_memcpy(changed.to, v->from, 4);
                paddings.update(&key, &changed);
                return sizeof(key);
            }
            int pack(void *ctx) {
                u32 key = 0;
                struct tight t, *found = tights.lookup(&key);
                if (!found) {
                    t.a = 10;
                    t.b = 20;
                    tights.update(&key, &t);
                    return 0;
                }
                return found->a + found->b;
            }
            int tunnel(void *ctx) {
                struct bpf_tunnel_key key;
                __builtin_memset(&key, 0, sizeof(key));
                key.tunnel_id = 5;
                key.remote_ipv4 = 0x0a000001;
                int *v = tunnels.lookup(&key);
                return v ? *v : -1;
            }
            """;

    private static BPF bpf;

    @BeforeAll
    static void compile() {
        bpf = BPF.fromSource(TEXT);
    }

    @AfterAll
    static void close() {
        bpf.close();
    }

    private static long run(String function) {
        return bpf.program(function, ProgramType.SOCKET_FILTER).testRun(new byte[64]);
    }

    record Pair(long a, long b) {}

    record Bits(long a, long b, long c, long d, Pair s) {}

    @Test
    @Conforms("test_clang.py TestClang.test_sscanf")
    void bitFieldsAndNamelessStructs() {
        BpfHash<Integer, Bits> bits = bpf.hash("bits", Integer.class, Bits.class);
        bits.put(2, new Bits(2, 3, 4L << 32, 1, new Pair(5, 6)));
        assertThat(bpf.table("bits")).hasToString("{2={a=2, b=3, c=17179869184, d=1, s={a=5, b=6}}}");
        assertThat(run("sum_of_bits")).isEqualTo(2 + 30 + 400 + 3000 + 5);
        assertThat(bits).containsOnly(entry(2, new Bits(2, 3, (4L << 32) + 1, 3, new Pair(5, 60))));
    }

    record Row(int[] a, @Unsigned int b) {}

    @Test
    @Conforms("test_clang.py TestClang.test_sscanf_array")
    void arraysInStructs() {
        BpfHash<Integer, Row> rows = bpf.hash("rows", Integer.class, Row.class);
        rows.put(2, new Row(new int[] {1, 2, 3}, 4));
        assertThat(bpf.table("rows")).hasToString("{2={a=[1, 2, 3], b=4}}");
        assertThat(run("sum_of_row")).isEqualTo(28);
        assertThat(rows.get(2).a()).containsExactly(1, 20, 3);
    }

    record Place(String name, String path) {}

    record Trace(@Unsigned int pid, @Unsigned int tid, List<Place> stack) {}

    @Test
    @Conforms("test_clang.py TestClang.test_sscanf_string")
    void textsInArraysOfStructs() {
        Place[] stack = new Place[64];
        Arrays.fill(stack, new Place("", ""));
        assertThat(bpf.array("traces", Trace.class).get(0)).isEqualTo(new Trace(0, 0, List.of(stack)));
        stack[0] = new Place("libxyz", "/usr/lib/libxyz.so");
        stack[1] = new Place("bash", "/usr/bin/bash");
        bpf.array("traces", Trace.class).set(0, new Trace(1, 2, List.of(stack)));
        assertThat(run("third_letters")).isEqualTo('b' + 256 * 's');
        stack[63] = new Place("Z", "");
        assertThat(bpf.array("traces", Trace.class).get(0)).isEqualTo(new Trace(1, 2, List.of(stack)));
    }

    record Node(long self, long other, long[] both) {}

    @Test
    @Conforms("test_clang.py TestClang.test_complex_leaf_types")
    void pointersAreNumbers() {
        bpf.array("nodes", Node.class).set(0, new Node(-8, 16, new long[] {16, -8}));
        bpf.array("pointers", Long.class).set(0, 15L);
        assertThat(run("is_itself")).isZero();
        bpf.array("pointers", Long.class).set(0, 16L);
        assertThat(run("is_itself")).isEqualTo(1);
        assertThat(bpf.maps().get("nodes").valueSize()).isEqualTo(32);
        assertThat(bpf.maps().get("unions").valueSize()).isEqualTo(8);
        bpf.array("unions", byte[].class).set(0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(bpf.table("unions").toString()).contains("pointer=" + 0x0807060504030201L);
    }

    private static List<Integer> shape(String map) {
        MapSpec spec = bpf.maps().get(map);
        return List.of(spec.keySize(), spec.valueSize(), spec.maxEntries());
    }

    @Test
    @Conforms("test_clang.py TestClang.test_bpf_hash")
    void hashesHaveDefaults() {
        assertThat(shape("by_default")).containsExactly(8, 8, 10240);
        assertThat(shape("by_key")).containsExactly(4, 8, 10240);
        assertThat(shape("by_both")).containsExactly(4, 4, 10240);
    }

    record Tunnel(@Unsigned int tunnelId, @Unsigned int remoteIpv4) {}

    @Test
    @Conforms("test_clang.py TestClang.test_nested_union")
    void aUnionInAStructOfTheKernels() {
        bpf.hash("tunnels", Tunnel.class, Integer.class).put(new Tunnel(5, 0x0a000001), 99);
        assertThat(run("tunnel")).isEqualTo(99);
        assertThat(bpf.table("tunnels").toString()).contains("tunnel_id=5", "remote_ipv4=" + 0x0a000001);
    }

    enum Color {
        RED,
        GREEN
    }

    record Painted(Color color) {}

    @Test
    @Conforms("test_clang.py TestClang.test_enumerations")
    void enumsAreTheirConstants() {
        run("paint");
        run("paint");
        assertThat(bpf.hash("paints", Painted.class, Long.class)).containsOnly(entry(new Painted(Color.GREEN), 2L));
    }

    @Test
    @Conforms("test_clang.py TestClang.test_int128_types")
    void integersOf128Bits() throws UnknownHostException {
        BpfHash<InetAddress, BigInteger> wide = bpf.hash("wide", InetAddress.class, BigInteger.class);
        InetAddress key = InetAddress.getByName("2001:db8::5");
        BigInteger value = BigInteger.valueOf(123_456_789).shiftLeft(64).add(BigInteger.valueOf(42));
        wide.put(key, value);
        assertThat(shape("wide")).containsExactly(16, 16, 10240);
        assertThat(run("double_wide")).isEqualTo(1);
        assertThat(wide).containsOnly(entry(key, value.add(value)));
        wide.put(key, BigInteger.TWO.pow(126).negate());
        run("double_wide");
        assertThat(wide).containsOnly(entry(key, BigInteger.TWO.pow(127).negate()));
    }

    record Padded(
            @Unsigned int first,
            char letter,
            BigInteger big,
            @Unsigned byte octet,
            BigInteger huge,
            char last) {}

    record Aligned(byte[] from, byte[] to) {}

    @Test
    @Conforms("test_clang.py TestClang.test_padding_types")
    void paddingIsNotSeen() {
        assertThat(shape("paddings")).containsExactly(96, 16, 10240);
        Layout key = Btf.parse(bpf.module().btf()).struct("padded").orElseThrow();
        assertThat(key.describe()).isEqualTo("""
                struct padded { // 96 bytes: offset, size, type, name
                     0    4  u32 first
                    16    1  char letter
                    32   16  __int128 big
                    48    1  u8 octet
                    64   16  unsigned __int128 huge
                    80    1  char last
                }""");
        BpfHash<Padded, Aligned> paddings = bpf.hash("paddings", Padded.class, Aligned.class);
        paddings.put(
                new Padded(1, 'b', BigInteger.valueOf(-3), (byte) 200, BigInteger.TWO.pow(127), 'f'),
                new Aligned(new byte[] {1, 2, 3, 4}, new byte[] {5, 6, 7, 8}));
        assertThat(run("swap_ends")).isEqualTo(96);
        assertThat(paddings.keySet()).hasSize(1);
        assertThat(bpf.table("paddings").toString())
                .isEqualTo("{{first=1, letter=98, big=-3, octet=200, huge=170141183460469231731687303715884105728,"
                        + " last=102}={from=[5, 6, 7, 8], to=[1, 2, 3, 4]}}");
    }

    record Tight(@Unsigned short a, @Unsigned int b) {}

    @Test
    @Conforms("test_clang.py TestClang.test_packed_structure")
    void packedStructsHaveNoPadding() {
        assertThat(shape("tights")).containsExactly(4, 6, 2);
        assertThat(run("pack")).isZero();
        assertThat(bpf.hash("tights", Integer.class, Tight.class)).containsOnly(entry(0, new Tight((short) 10, 20)));
        bpf.hash("tights", Integer.class, Tight.class).put(0, new Tight((short) 500, 70_000));
        assertThat(run("pack")).isEqualTo(70_500);
    }
}

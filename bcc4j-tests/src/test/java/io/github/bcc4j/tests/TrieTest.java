package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.type.Cidr;
import io.github.bcc4j.type.LayoutMismatchException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tries of IP addresses, asked by Java and by a program. */
@Tag("native")
class TrieTest {
    private static final String TEXT = """
            struct v4 { u32 prefixlen; u8 address[4]; };
            struct v6 { u32 prefixlen; struct in6_addr address; };
            struct wrong { u64 prefixlen; u32 address; };
            BPF_LPM_TRIE(ip4, struct v4, u32, 16);
            BPF_LPM_TRIE(ip6, struct v6, u32, 16);
            BPF_LPM_TRIE(wrong, struct wrong, u32, 16);
            int look(struct __sk_buff *skb) {
                struct v4 key = { .prefixlen = 32 };
                bpf_skb_load_bytes(skb, 14, &key.address, 4);
                u32 *value = ip4.lookup(&key);
                return value ? *value : 0;
            }
            """;

    private static BPF load() {
        return BPF.fromSource("#include <uapi/linux/in6.h>\n" + TEXT);
    }

    @Test
    @Conforms("test_lpm_trie.py TestLpmTrie.test_lpm_trie_v4")
    void theLongestPrefixWins() throws Exception {
        try (BPF bpf = load()) {
            BpfHash<Cidr, Integer> ip4 = bpf.lpmTrie("ip4", Integer.class);
            ip4.put(Cidr.of("10.0.0.0/8"), 8);
            ip4.put(Cidr.of("10.1.0.0/16"), 16);
            ip4.put(Cidr.of("10.1.2.3"), 32);
            assertThat(ip4.get(Cidr.of("10.1.2.3"))).isEqualTo(32);
            assertThat(ip4.get(Cidr.of("10.1.2.4"))).isEqualTo(16);
            assertThat(ip4.get(Cidr.of("10.200.0.1"))).isEqualTo(8);
            assertThat(ip4.get(Cidr.of("11.0.0.1"))).isNull();
            assertThat(ip4.snapshot().entries())
                    .isEqualTo(
                            Map.of(Cidr.of("10.0.0.0/8"), 8, Cidr.of("10.1.0.0/16"), 16, Cidr.of("10.1.2.3/32"), 32));
            ByteBuffer packet = ByteBuffer.allocate(64);
            packet.put(14, InetAddress.getByName("10.1.9.9").getAddress());
            assertThat(bpf.program("look", ProgramType.SCHED_CLS).testRun(packet.array()))
                    .isEqualTo(16);
            assertThat(ip4.remove(Cidr.of("10.1.0.0/16"))).isEqualTo(16);
            assertThat(bpf.program("look", ProgramType.SCHED_CLS).testRun(packet.array()))
                    .isEqualTo(8);
            assertThat(ip4.remove(Cidr.of("10.1.0.0/16"))).isNull(); // 10.0.0.0/8 covers it, but is another
            assertThat(ip4.get(Cidr.of("10.1.2.4"))).isEqualTo(8);
        }
    }

    @Test
    @Conforms("test_lpm_trie.py TestLpmTrie.test_lpm_trie_v6")
    void ipVersion6Too() {
        try (BPF bpf = load()) {
            BpfHash<Cidr, Integer> ip6 = bpf.lpmTrie("ip6", Integer.class);
            ip6.put(Cidr.of("2001:db8::/32"), 1);
            ip6.put(Cidr.of("2001:db8:1::/48"), 2);
            assertThat(ip6.get(Cidr.of("2001:db8:1::5"))).isEqualTo(2);
            assertThat(ip6.get(Cidr.of("2001:db8:2::5"))).isEqualTo(1);
            assertThat(ip6.get(Cidr.of("::1"))).isNull();
            assertThat(ip6.keySet()).containsExactlyInAnyOrder(Cidr.of("2001:db8::/32"), Cidr.of("2001:db8:1::/48"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ip6.get(Cidr.of("10.0.0.0/8")))
                    .withMessage("key of \"ip6\": 10.0.0.0/8 is a block of 4 byte addresses, struct v6 has 16");
        }
    }

    @Test
    void aKeyOfAnotherShapeIsRefused() {
        try (BPF bpf = load()) {
            assertThatExceptionOfType(LayoutMismatchException.class)
                    .isThrownBy(() -> bpf.lpmTrie("wrong", Integer.class))
                    .withMessageContaining("struct wrong in C can't be Cidr in Java: that takes a struct of a u32, the"
                            + " prefix's length, and an address of 4 or 16 bytes");
        }
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.RawSocket;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfObjectMap;
import io.github.bcc4j.type.Unsigned;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that look into packets, hand them on to each other, and write other addresses into them. */
@Tag("native")
@Timeout(60)
class PacketTest {
    /** Echo requests from the left, one after the other; fails unless each is answered. */
    private static void ping(NetworkLab lab, String address, int count) {
        lab.run(1, "/usr/bin/python3", "-c", """
                import socket, struct
                s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
                s.settimeout(10)
                s.connect(("%s", 0))
                for i in range(%d):
                    message = struct.pack("!BBHHH", 8, 0, 0, 0x4242, i)
                    total = sum(struct.unpack("!4H", message))
                    total = (total & 0xffff) + (total >> 16)
                    s.send(struct.pack("!BBHHH", 8, 0, ~total & 0xffff, 0x4242, i))
                    while True:
                        answer = s.recv(100)[20:]
                        if answer[0] == 0 and struct.unpack("!HH", answer[4:8]) == (0x4242, i): break
                """.formatted(address, count));
    }

    private static final String ADDRESSES = """
            struct pair { u32 from; u32 to; };
            struct traffic { u64 received; u64 sent; };
            BPF_HASH(stats, struct pair, struct traffic, 1024);
            int on_packet(struct __sk_buff *skb) {
                if (load_half(skb, 12) != 0x0800 || load_byte(skb, 23) != 1)
                    return 0;
                u32 from = load_word(skb, 26), to = load_word(skb, 30);
                struct pair received = { .from = from, .to = to };
                struct traffic *t = stats.lookup(&received);
                if (t) {
                    lock_xadd(&t->received, 1);
                    return 0;
                }
                struct pair sent = { .from = to, .to = from };
                struct traffic none = {};
                t = stats.lookup_or_try_init(&sent, &none);
                if (t)
                    lock_xadd(&t->sent, 1);
                return 0;
            }
            """;

    record Pair(@Unsigned int from, @Unsigned int to) {}

    record Traffic(long received, long sent) {}

    private static final int LEFT = 10 << 24 | 99 << 16 | 1;
    private static final int RIGHT = LEFT + 1;

    @Test
    @Conforms("test_stat1.py TestBPFSocket.test_ping")
    void whatASocketFilterSeesOfEitherDirectionIsCounted() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(ADDRESSES);
                RawSocket socket = bpf.attachRawSocket(lab.device(1), "on_packet")) {
            BpfHash<Pair, Traffic> stats = bpf.hash("stats", Pair.class, Traffic.class);
            ping(lab, "10.99.0.2", 100);
            Pair key = new Pair(RIGHT, LEFT); // the first packet went out
            assertThat(stats).containsOnly(Map.entry(key, new Traffic(100, 100)));
            Traffic value = stats.remove(key);
            assertThat(stats.get(key)).isNull();
            assertThat(stats.delete(key)).isFalse();
            stats.put(key, value);
            assertThat(stats).hasSize(1);
            stats.clear();
            assertThat(stats).isEmpty();
            assertThat(socket.lost()).isZero();
        }
    }

    @Test
    @Conforms("test_stat1.py TestBPFSocket.test_empty_key")
    void aKeyOfZerosIsAKeyLikeOthers() {
        try (BPF bpf = BPF.fromSource(ADDRESSES)) {
            BpfHash<Pair, Traffic> stats = bpf.hash("stats", Pair.class, Traffic.class);
            Pair zero = new Pair(0, 0);
            stats.put(zero, new Traffic(100, 200));
            var first = stats.entrySet().iterator();
            assertThat(first.next()).isEqualTo(Map.entry(zero, new Traffic(100, 200)));
            first.remove();
            stats.put(new Pair(10, 20), new Traffic(300, 400));
            assertThat(stats.get(zero)).isNull();
            assertThat(stats).containsOnly(Map.entry(new Pair(10, 20), new Traffic(300, 400)));
            stats.clear();
            for (int i = 0; i < 4; i++) {
                stats.put(new Pair(0, i), new Traffic(300, 400));
            }
            assertThat(stats.keySet()).containsExactlyInAnyOrder(zero, new Pair(0, 1), new Pair(0, 2), new Pair(0, 3));
        }
    }

    @Test
    @Conforms("test_call1.py TestBPFSocket.test_jumps")
    void programsHandAPacketOnByWhatItIs() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource("""
                        #include <uapi/linux/pkt_cls.h>
                        BPF_PROG_ARRAY(jump, 8);
                        BPF_ARRAY(stats, u64, 8);
                        int ether(struct __sk_buff *skb) {
                            stats.increment(2);
                            if (load_half(skb, 12) == 0x0806)
                                jump.call(skb, 3);
                            else if (load_half(skb, 12) == 0x0800)
                                jump.call(skb, 4);
                            return TC_ACT_OK;
                        }
                        int arp(struct __sk_buff *skb) { stats.increment(3); jump.call(skb, 1); return TC_ACT_OK; }
                        int ip(struct __sk_buff *skb) { stats.increment(4); jump.call(skb, 1); return TC_ACT_OK; }
                        int end(struct __sk_buff *skb) { stats.increment(1); return TC_ACT_OK; }
                        """)) {
            BpfObjectMap<Integer, BpfProgram> jump = bpf.programArray("jump");
            jump.put(3, bpf.program("arp", ProgramType.SCHED_CLS));
            jump.put(4, bpf.program("ip", ProgramType.SCHED_CLS));
            jump.put(1, bpf.program("end", ProgramType.SCHED_CLS));
            bpf.attach(new TcSpec(lab.device(1), true, 0, 0), "ether");
            lab.run(1, "ip", "neigh", "del", "10.99.0.2", "dev", "v0"); // so that it has to be asked for
            lab.send(5);
            assertThat(NetworkLab.eventually(
                            () -> bpf.array("stats", Long.class).get(4), 5))
                    .isEqualTo(5);
            assertThat(bpf.array("stats", Long.class).asList()).containsExactly(0L, 6L, 6L, 1L, 5L, 0L, 0L, 0L);
        }
    }

    /** Both ends think that the other is in their own network; the left end's device writes what the other end knows. */
    @Test
    @Conforms("test_xlate1.py TestBPFFilter.test_xlate")
    void addressesAreTranslatedInBothDirections() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource("""
                        #include <uapi/linux/pkt_cls.h>
                        struct pair { u32 from; u32 to; };
                        struct change { u32 from; u32 to; u64 ip; u64 arp; };
                        BPF_HASH(changes, struct pair, struct change, 16);
                        static inline void write(struct __sk_buff *skb, int at, u32 was, u32 is) {
                            was = bpf_htonl(was);
                            is = bpf_htonl(is);
                            bpf_l3_csum_replace(skb, 24, was, is, 4);
                            bpf_skb_store_bytes(skb, at, &is, 4, 0);
                        }
                        int translate(struct __sk_buff *skb) {
                            int type = load_half(skb, 12);
                            if (type != 0x0800 && type != 0x0806)
                                return TC_ACT_OK;
                            int from = type == 0x0800 ? 26 : 28, to = type == 0x0800 ? 30 : 38;
                            struct pair p = { .from = load_word(skb, from), .to = load_word(skb, to) };
                            struct change *c = changes.lookup(&p);
                            if (!c)
                                return TC_ACT_OK;
                            if (type == 0x0800) {
                                lock_xadd(&c->ip, 1);
                                write(skb, 26, p.from, c->from);
                                write(skb, 30, p.to, c->to);
                            } else {
                                lock_xadd(&c->arp, 1);
                                u32 is = bpf_htonl(c->from);
                                bpf_skb_store_bytes(skb, 28, &is, 4, 0);
                                is = bpf_htonl(c->to);
                                bpf_skb_store_bytes(skb, 38, &is, 4, 0);
                            }
                            return TC_ACT_OK;
                        }
                        """)) {
            record Change(@Unsigned int from, @Unsigned int to, long ip, long arp) {}
            int inside = 192 << 24 | 168 << 16 | 1 << 8;
            lab.run(1, "ip", "address", "del", "10.99.0.1/24", "dev", "v0");
            lab.run(1, "ip", "address", "add", "192.168.1.1/24", "dev", "v0");
            lab.run(2, "ip", "neigh", "del", "10.99.0.1", "dev", "v0");
            BpfHash<Pair, Change> changes = bpf.hash("changes", Pair.class, Change.class);
            changes.put(new Pair(inside + 1, inside + 2), new Change(LEFT, RIGHT, 0, 0));
            changes.put(new Pair(RIGHT, LEFT), new Change(inside + 2, inside + 1, 0, 0));
            bpf.attach(new TcSpec(lab.device(1), true, 0, 0), "translate");
            bpf.attach(new TcSpec(lab.device(1), false, 0, 0), "translate");
            ping(lab, "192.168.1.2", 3);
            Change out = changes.get(new Pair(inside + 1, inside + 2));
            Change in = changes.get(new Pair(RIGHT, LEFT));
            assertThat(out.ip()).isEqualTo(3);
            assertThat(in.ip()).isEqualTo(3);
            assertThat(out.arp()).isPositive();
            assertThat(in.arp()).isPositive();
        }
    }
}

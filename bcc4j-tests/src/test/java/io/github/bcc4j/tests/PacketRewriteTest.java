package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.type.Unsigned;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packets taken apart and changed through bcc's headers of protocols, tables and tail calls addressed by constants. */
@Tag("native")
class PacketRewriteTest {
    private static final String TEXT = """
            #include <bcc/proto.h>
            #include <uapi/linux/pkt_cls.h>
            #include <linux/if_ether.h>

            struct host { u32 ip:32; };
            struct card { u64 mac; };
            struct door { u32 number:32; };
            struct own { u32 public_ip; u32 inner_ip; };
            BPF_HASH(cards, struct host, struct card, 16);
            BPF_HASH(doors, struct host, struct door, 4);
            BPF_TABLE("array", u32, struct own, config, 1);

            int route(struct __sk_buff *skb) {
                u8 *cursor = 0;
                int result = 0;
                struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
                switch (ethernet->type) {
                case ETH_P_IP: goto ip;
                case ETH_P_ARP: goto arp;
                case ETH_P_8021Q: goto vlan;
                default: goto end;
                }
                vlan: {
                    struct dot1q_t *tag = cursor_advance(cursor, sizeof(*tag));
                    result = 100 * tag->vlanid;
                    switch (tag->type) {
                    case ETH_P_IP: goto ip;
                    case ETH_P_ARP: goto arp;
                    default: goto end;
                    }
                }
                arp: {
                    struct arp_t *arp = cursor_advance(cursor, sizeof(*arp));
                    result += 1;
                    if (arp->oper == 2) {
                        struct host sender = { .ip = arp->spa };
                        struct card its = { .mac = arp->sha };
                        cards.update(&sender, &its);
                    }
                    goto end;
                }
                struct ip_t *ip;
                ip: {
                    ip = cursor_advance(cursor, sizeof(*ip));
                    result += 2;
                    switch (ip->nextp) {
                    case 6: goto tcp;
                    case 17: goto udp;
                    default: goto end;
                    }
                }
                tcp: {
                    struct tcp_t *tcp = cursor_advance(cursor, sizeof(*tcp));
                    result += tcp->dst_port;
                    goto end;
                }
                udp: {
                    struct udp_t *udp = cursor_advance(cursor, sizeof(*udp));
                    struct host to = { .ip = ip->dst };
                    struct door *door = doors.lookup(&to);
                    if (door)
                        return door->number;
                    u32 zero = 0;
                    struct own *own = config.lookup(&zero);
                    if (!own || ip->dst != own->public_ip)
                        goto end;
                    struct host inner = { .ip = own->inner_ip };
                    struct card *card = cards.lookup(&inner);
                    if (!card)
                        goto end;
                    ethernet->dst = card->mac;
                    incr_cksum_l4(&udp->crc, ip->dst, own->inner_ip, 1);
                    incr_cksum_l3(&ip->hchecksum, ip->dst, own->inner_ip);
                    ip->dst = own->inner_ip;
                    result = 7;
                }
                end:
                return result;
            }

            int echo(struct __sk_buff *skb) {
                u8 *cursor = 0;
                struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
                if (ethernet->type == ETH_P_IP) {
                    struct ip_t *ip = cursor_advance(cursor, sizeof(*ip));
                    ip->src = ip->dst;
                    return 0;
                }
                return -1;
            }
            int direct(struct __sk_buff *skb) {
                void *end = (void *)(long)skb->data_end;
                void *data = (void *)(long)skb->data;
                if (data + sizeof(struct ethhdr) > end)
                    return TC_ACT_SHOT;
                struct ethhdr *header = (struct ethhdr *)data;
                if (header->h_proto == bpf_htons(ETH_P_ARP))
                    return TC_ACT_SHOT;
                return TC_ACT_OK;
            }

            #define LATER (1U << 1)
            enum step { FIRST };
            BPF_PROG_ARRAY(steps, 32);
            BPF_ARRAY(counts, u32, 32);
            int process(struct xdp_md *ctx) {
                counts.increment(FIRST);
                counts.increment(LATER, 5);
                steps.call((void *)ctx, FIRST);
                steps.call((void *)ctx, LATER);
                return XDP_PASS;
            }
            int drop(struct xdp_md *ctx) { return XDP_DROP; }
            int bounce(struct xdp_md *ctx) { return XDP_TX; }
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

    private static final long HERE = 0x02_00_00_00_00_01L;
    private static final long THERE = 0x02_00_00_00_00_02L;

    private static ByteBuffer ethernet(long to, int... types) {
        ByteBuffer packet = ByteBuffer.allocate(64);
        mac(mac(packet, to), HERE);
        for (int type : types) {
            packet.putShort((short) type);
        }
        return packet;
    }

    private static ByteBuffer mac(ByteBuffer packet, long mac) {
        return packet.putShort((short) (mac >> 32)).putInt((int) mac);
    }

    /** An answer of somebody who has an address. */
    private static byte[] arp(long mac, int ip, int operation, int... types) {
        ByteBuffer packet = ethernet(HERE, types).putInt(0x0001_0800).putInt(0x0604_0000 + operation);
        return mac(packet, mac).putInt(ip).array();
    }

    private static byte[] ip(long to, int protocol, int destination, int... types) {
        ByteBuffer packet = ethernet(to, types);
        int header = packet.position();
        packet.putLong(0x4500_0032_0000_4000L).putInt(0x4000_0000 + (protocol << 16));
        packet.putInt(0x0a000001).putInt(destination);
        packet.putShort(header + 10, (short) ~sum(packet, header, 20, 0));
        int payload = packet.position();
        int length = packet.capacity() - payload;
        packet.putShort((short) 5353).putShort((short) 4711);
        if (protocol == 17) {
            packet.putShort((short) length).putShort((short) 0).put("question".getBytes(StandardCharsets.US_ASCII));
            int pseudo = sum(packet, header + 12, 8, protocol + length);
            packet.putShort(payload + 6, (short) ~sum(packet, payload, length, pseudo));
        }
        return packet.array();
    }

    /** The Internet's checksum before its complement: RFC 1071. */
    private static int sum(ByteBuffer packet, int from, int length, int start) {
        int sum = start;
        for (int i = from; i < from + length; i += 2) {
            sum += packet.getShort(i) & 0xffff;
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return sum;
    }

    private static long route(byte[] packet) {
        return bpf.program("route", ProgramType.SCHED_CLS).testRun(packet);
    }

    record Host(@Unsigned int ip) {}

    record Card(long mac) {}

    record Door(@Unsigned int number) {}

    record Own(@Unsigned int publicIp, @Unsigned int innerIp) {}

    @Test
    @Conforms("test_clang.py TestClang.test_complex")
    void headersAreTakenApartUpToTheirPorts() {
        assertThat(route(ethernet(HERE, 0x86dd).array())).isZero();
        assertThat(route(ip(HERE, 6, 0x0a000002, 0x0800))).isEqualTo(2 + 4711);
        assertThat(route(ip(HERE, 6, 0x0a000002, 0x8100, 5, 0x0800))).isEqualTo(500 + 2 + 4711);
        assertThat(route(ip(HERE, 1, 0x0a000002, 0x8100, 0xe005, 0x0800))).isEqualTo(500 + 2);
        assertThat(route(ethernet(HERE, 0x8100, 5, 0x86dd).array())).isEqualTo(500);
    }

    @Test
    void tablesLearnAndDecide() {
        assertThat(route(arp(THERE, 0x0a000009, 1, 0x0806))).isEqualTo(1);
        assertThat(bpf.hash("cards", Host.class, Card.class)).doesNotContainKey(new Host(0x0a000009));
        assertThat(route(arp(THERE, 0x0a000009, 2, 0x8100, 3, 0x0806))).isEqualTo(301);
        assertThat(bpf.hash("cards", Host.class, Card.class)).contains(entry(new Host(0x0a000009), new Card(THERE)));

        assertThat(route(ip(HERE, 17, 0x0a000003, 0x0800))).isEqualTo(2);
        bpf.hash("doors", Host.class, Door.class).put(new Host(0x0a000003), new Door(42));
        assertThat(route(ip(HERE, 17, 0x0a000003, 0x0800))).isEqualTo(42);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_complex")
    void whatIsAssignedIsInThePacketWithTheRightChecksums() {
        bpf.array("config", Own.class).set(0, new Own(0x0a000004, 0x0a000005));
        byte[] packet = ip(HERE, 17, 0x0a000004, 0x0800);
        assertThat(route(packet)).isEqualTo(2);
        route(arp(THERE, 0x0a000005, 2, 0x0806));
        BpfProgram.TestRun run = bpf.program("route", ProgramType.SCHED_CLS).testRun(packet, 1);
        assertThat(run.result()).isEqualTo(7);
        assertThat(run.output()).isEqualTo(ip(THERE, 17, 0x0a000005, 0x0800));
    }

    @Test
    @Conforms("test_clang.py TestClang.test_bpf_dins_pkt_rewrite")
    void oneFieldAssignedToAnother() {
        BpfProgram echo = bpf.program("echo", ProgramType.SCHED_CLS);
        byte[] packet = ip(HERE, 6, 0x0a000002, 0x0800);
        BpfProgram.TestRun run = echo.testRun(packet, 1);
        assertThat(run.result()).isZero();
        byte[] expected = ByteBuffer.wrap(packet).putInt(26, 0x0a000002).array();
        assertThat(run.output()).isEqualTo(expected);
        byte[] arp = arp(THERE, 0x0a000009, 2, 0x0806);
        run = echo.testRun(arp, 1);
        assertThat(run.result()).isEqualTo(0xffff_ffffL);
        assertThat(run.output()).isEqualTo(arp);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_probe_read_tc_ctx")
    void packetMemoryIsReadInPlace() {
        BpfProgram direct = bpf.program("direct", ProgramType.SCHED_CLS);
        assertThat(direct.testRun(ip(HERE, 6, 0x0a000002, 0x0800))).isZero(); // TC_ACT_OK
        assertThat(direct.testRun(arp(THERE, 0x0a000009, 2, 0x0806))).isEqualTo(2); // TC_ACT_SHOT
    }

    @Test
    @Conforms("test_clang.py TestClang.test_call_macro_arg")
    @Conforms("test_clang.py TestClang.test_update_macro_arg")
    void constantsOfEnumsAndMacrosAreArgumentsOfTables() {
        BpfProgram process = bpf.program("process", ProgramType.XDP);
        byte[] packet = ip(HERE, 6, 0x0a000002, 0x0800);
        assertThat(process.testRun(packet)).isEqualTo(2); // XDP_PASS
        bpf.programArray("steps").put(2, bpf.program("bounce", ProgramType.XDP));
        assertThat(process.testRun(packet)).isEqualTo(3); // XDP_TX
        bpf.programArray("steps").put(0, bpf.program("drop", ProgramType.XDP));
        assertThat(process.testRun(packet)).isEqualTo(1); // XDP_DROP
        assertThat(bpf.maps().get("steps").maxEntries()).isEqualTo(32);
        assertThat(bpf.array("counts", Integer.class).asList()).hasSize(32).startsWith(3, 0, 15, 0);
    }
}

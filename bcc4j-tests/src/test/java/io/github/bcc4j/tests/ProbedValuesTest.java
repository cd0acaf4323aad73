package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.PerCpu;
import io.github.bcc4j.type.KernelStructs;
import io.github.bcc4j.type.Unsigned;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was read from the kernel by plain C, used: as a key, a value, a case. */
@Tag("native")
class ProbedValuesTest {
    private static final String TEXT = """
            #include <linux/sched.h>
            #include <linux/fs.h>
            #include <linux/mount.h>
            #include <linux/blk-mq.h>
            #include <linux/blk_types.h>
            #include <linux/time64.h>
            #include <net/sock.h>

            BPF_HASH(blocks, struct super_block *);
            int twice_the_same(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct file *file) {
                if (!file)
                    return 0;
                struct vfsmount *mount = file->f_path.mnt;
                if (mount) {
                    struct super_block *block = mount->mnt_sb;
                    u64 times = 1;
                    blocks.update(&block, &times);
                    times = 2;
                    block = mount->mnt_sb;
                    blocks.update(&block, &times);
                }
                return 1;
            }
            BPF_HASH(started, struct request *);
            int start(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct request *rq) {
                u64 now = rq->__data_len;
                started.update(&rq, &now);
                return 0;
            }
            int done(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct request *rq) {
                u64 *since = started.lookup(&rq);
                if (!since)
                    return -1;
                u64 length = *since;
                started.delete(&rq);
                return length;
            }

            BPF_HASH(first, u32, struct sock *);
            BPF_HASH(second, u32, struct sock *);
            BPF_HASH(third, u32, struct sock *);
            BPF_HASH(fourth, u32, struct sock *);
            int put(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk, struct sockaddr *address, int length) {
                u32 key = 1;
                struct sock **place = &sk;
                first.update(&key, &sk);
                second.update(&key, &sk);
                fourth.update(&key, place);
                return 0;
            }
            int port_of_first(struct pt_regs *ctx) {
                u32 key = 1;
                struct sock **found;
                found = first.lookup(&key);
                if (found) {
                    struct sock *sk = *found;
                    return sk->__sk_common.skc_dport;
                }
                return 0;
            }
            int port_of_second(struct pt_regs *ctx) {
                u32 key = 1;
                struct sock **found = second.lookup(&key);
                if (found) {
                    struct sock *sk = *found;
                    return sk->__sk_common.skc_dport;
                }
                return 0;
            }
            int port_of_third(struct pt_regs *ctx) {
                u32 key = 1;
                struct sock **found;
                found = third.lookup(&key);
                if (found) {
                    struct sock *sk = *found;
                    return sk->__sk_common.skc_dport;
                }
                return 0;
            }
            int put_later_in_the_text(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                u32 key = 1;
                third.update(&key, &sk);
                return 0;
            }
            int port_of_fourth(struct pt_regs *ctx) {
                u32 key = 1;
                struct sock **found;
                found = fourth.lookup(&key);
                if (found) {
                    struct sock *sk = *found;
                    return sk->__sk_common.skc_dport;
                }
                return 0;
            }

            struct pair { u32 before; u32 now; };
            BPF_HASH(switches, struct pair, u64, 64);
            int count_switch(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct task_struct *before) {
                struct pair key = {};
                u64 zero = 0, *count;
                key.now = 7;
                key.before = before->pid;
                count = switches.lookup_or_try_init(&key, &zero);
                if (count)
                    (*count)++;
                return 0;
            }
            struct sum { size_t size; };
            BPF_HASH(sums, u32, struct sum);
            int add(struct pt_regs *ctx, u64 a, u64 b, u64 c, size_t size) {
                u32 key = 5;
                struct sum *sum = sums.lookup(&key);
                if (sum)
                    sum->size += size;
                return 0;
            }
            struct bpf_map;
            BPF_HASH(map);
            int count_up(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct bpf_map *of, u64 *key) {
                map.increment(42, 5);
                map.atomic_increment(42, 5);
                return 0;
            }
            BPF_HASH(kept);
            void insert_and_update(struct pt_regs *ctx) {
                u64 key = 0, value = 2;
                kept.insert(&key, &value);
                key = 1;
                kept.update(&key, &value);
                key = 2;
                kept.insert(&key, &value);
            }
            BPF_PERCPU_ARRAY(slots, u64, 60);
            int operation(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct request *rq) {
                u64 base;
                struct gendisk *disk = rq->q->disk;
                if (!disk || disk->major != 8 || disk->first_minor != 16)
                    return -1;
                switch (rq->cmd_flags & REQ_OP_MASK) {
                case REQ_OP_READ: base = 40; break;
                case REQ_OP_WRITE: base = 10; break;
                case REQ_OP_FLUSH: base = 50; break;
                case REQ_OP_DISCARD: base = 20; break;
                case REQ_OP_SECURE_ERASE: base = 0; break;
                case REQ_OP_WRITE_ZEROES: base = 30; break;
                default: return -2;
                }
                u64 duration = rq->start_time_ns;
                u64 slot = base + min_t(size_t, div_u64(duration, 100 * NSEC_PER_MSEC), 9);
                slots.increment(slot);
                return slot;
            }
            """;

    private static ProbeStage stage;

    @BeforeAll
    static void compile() {
        stage = new ProbeStage(TEXT);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    @Conforms("test_clang.py TestClang.test_consecutive_probe_read")
    @Conforms("test_clang.py TestClang.test_probe_read_keys")
    void pointersAreKeys() {
        long block = 0x1234_5678_9abc_def0L;
        ProbeStage.Thing mount = stage.thing("vfsmount").u64("mnt_sb", block);
        long file = stage.thing("file").u64("f_path.mnt", mount.address()).address();
        assertThat(stage.run("twice_the_same", 0)).isZero();
        assertThat(stage.run("twice_the_same", file)).isEqualTo(1);
        assertThat(stage.bpf().hash("blocks", Long.class, Long.class)).containsExactly(entry(block, 2L));

        long request = stage.thing("request").u32("__data_len", 4096).address();
        assertThat(stage.run("done", request)).isEqualTo(0xffff_ffffL);
        stage.run("start", request);
        assertThat(stage.bpf().hash("started", Long.class, Long.class)).containsExactly(entry(request, 4096L));
        assertThat(stage.run("done", request)).isEqualTo(4096);
        assertThat(stage.bpf().hash("started", Long.class, Long.class)).isEmpty();
    }

    @Test
    @Conforms("test_clang.py TestClang.test_ext_ptr_maps1")
    @Conforms("test_clang.py TestClang.test_ext_ptr_maps2")
    @Conforms("test_clang.py TestClang.test_ext_ptr_maps_reverse")
    @Conforms("test_clang.py TestClang.test_ext_ptr_maps_indirect")
    void pointersFromTablesAreReadLikeArguments() {
        long sock = stage.thing("sock").u16("__sk_common.skc_dport", 0x6712).address();
        assertThat(stage.run("port_of_first")).isZero();
        stage.run("put", sock);
        stage.run("put_later_in_the_text", sock);
        assertThat(stage.run("port_of_first")).isEqualTo(0x6712);
        assertThat(stage.run("port_of_second")).isEqualTo(0x6712);
        assertThat(stage.run("port_of_third")).isEqualTo(0x6712);
        assertThat(stage.run("port_of_fourth")).isEqualTo(0x6712);
        assertThat(stage.bpf().hash("first", Integer.class, Long.class)).containsExactly(entry(1, sock));
    }

    record Sum(long size) {}

    record Pair(@Unsigned int before, @Unsigned int now) {}

    @Test
    @Conforms("test_clang.py TestClang.test_task_switch")
    @Conforms("test_clang.py TestClang.test_probe_simple_assign")
    @Conforms("test_clang.py TestClang.test_arbitrary_increment_simple")
    void whatWasReadCountsInTables() {
        long task = stage.thing("task_struct").u32("pid", 99).address();
        stage.run("count_switch", task);
        stage.run("count_switch", task);
        assertThat(stage.bpf().hash("switches", Pair.class, Long.class)).containsExactly(entry(new Pair(99, 7), 2L));

        stage.run("add", 100);
        Map<Integer, Sum> sums = stage.bpf().hash("sums", Integer.class, Sum.class);
        assertThat(sums).isEmpty();
        sums.put(5, new Sum(1));
        stage.run("add", 1L << 33);
        stage.run("add", 41);
        assertThat(sums).containsExactly(entry(5, new Sum((1L << 33) + 42)));

        stage.run("count_up");
        stage.run("count_up");
        assertThat(stage.bpf().hash("map", Long.class, Long.class)).containsExactly(entry(42L, 20L));
    }

    @Test
    @Conforms("test_clang.py TestClang.test_map_insert")
    void insertKeepsWhatIsThereAndUpdateDoesNot() {
        Map<Long, Long> kept = stage.bpf().hash("kept", Long.class, Long.class);
        kept.putAll(Map.of(0L, 1L, 1L, 1L));
        stage.run("insert_and_update");
        assertThat(kept).containsOnly(entry(0L, 1L), entry(1L, 2L), entry(2L, 2L));
    }

    /** A tracepoint's argument is a pointer into the kernel: to a packet for a port where nobody listens. */
    @Test
    @Conforms("test_clang.py TestClang.test_probe_read_tracepoint_context")
    void membersBehindAnArgumentOfATracepoint() {
        try (BPF bpf = BPF.fromSource("""
                #include <linux/skbuff.h>
                #include <linux/udp.h>
                #include <linux/if_ether.h>
                BPF_HASH(dropped, u16, u64);
                TRACEPOINT_PROBE(skb, kfree_skb) {
                    struct sk_buff *skb = (struct sk_buff *)args->skbaddr;
                    if (skb->protocol != bpf_htons(ETH_P_IP))
                        return 0;
                    struct udphdr *udp = (struct udphdr *)(skb->head + skb->transport_header);
                    u16 port = bpf_ntohs(udp->dest);
                    dropped.atomic_increment(port);
                    return 0;
                }
                """)) {
            int port = Integer.parseInt(
                    Workloads.run("/usr/bin/python3", "-c", """
                            import socket
                            closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                            closed.bind(("127.0.0.1", 0))
                            to = closed.getsockname()
                            closed.close()
                            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                            for i in range(10): sender.sendto(b"x", to)
                            print(to[1])
                            """).lines().getFirst());
            Map<Integer, Long> dropped = bpf.hash("dropped", Integer.class, Long.class);
            assertThat(NetworkLab.eventually(() -> dropped.getOrDefault(port, 0L), 10))
                    .isEqualTo(10);
        }
    }

    @Test
    @Conforms("test_clang.py TestClang.test_jump_table")
    void aSwitchDecidesByWhatWasRead() {
        ProbeStage.Thing disk = stage.thing("gendisk").u32("major", 8).u32("first_minor", 16);
        long queue = stage.thing("request_queue").u64("disk", disk.address()).address();
        ProbeStage.Thing request = stage.thing("request").u64("q", queue).u64("start_time_ns", 350_000_000);
        String[] names = {"SECURE_ERASE", "WRITE", "DISCARD", "WRITE_ZEROES", "READ", "FLUSH"};
        for (int i = 0; i < names.length; i++) {
            long operation =
                    KernelStructs.running().constant("REQ_OP_" + names[i]).orElseThrow();
            assertThat(stage.run(
                            "operation",
                            request.u32("cmd_flags", operation | 1 << 12).address()))
                    .isEqualTo(10 * i + 3);
        }
        assertThat(stage.run("operation", request.u32("cmd_flags", 250).address()))
                .isEqualTo(0xffff_fffeL);
        disk.u32("major", 9);
        assertThat(stage.run("operation", request.address())).isEqualTo(0xffff_ffffL);
        List<Long> slots = stage.bpf().perCpuArray("slots", Long.class).asList().stream()
                .map(PerCpu::sum)
                .toList();
        for (int i = 0; i < slots.size(); i++) {
            assertThat(slots.get(i)).as("slot " + i).isEqualTo(i % 10 == 3 ? 1 : 0);
        }
    }
}

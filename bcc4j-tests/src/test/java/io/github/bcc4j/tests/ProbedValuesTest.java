package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.bcc4j.table.PerCpu;
import io.github.bcc4j.type.KernelStructs;
import io.github.bcc4j.type.Unsigned;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was read from the kernel by plain C, used: returned by functions, as an element, a key, a value, a case. */
@Tag("native")
class ProbedValuesTest {
    private static final String TEXT = """
            #include <linux/fs.h>
            #include <linux/mount.h>
            #include <linux/dcache.h>
            #include <linux/mm_types.h>
            #include <linux/sched/signal.h>
            #include <linux/resource.h>
            #include <linux/blk-mq.h>
            #include <linux/blk_types.h>
            #include <linux/time64.h>
            #include <linux/tcp.h>
            #include <net/sock.h>

            static inline unsigned char *transport(struct sk_buff *skb) { return skb->head + skb->transport_header; }
            static inline u64 nothing(void) { return 0; }
            static inline unsigned char *transport_or_nothing(struct sk_buff *skb) {
                if (skb)
                    return skb->head + skb->transport_header;
                return (unsigned char *)nothing();
            }
            static inline struct tcphdr *tcp(struct sk_buff *skb) { return (struct tcphdr *)(skb->head + skb->transport_header); }
            int returned(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                struct tcphdr *header = (struct tcphdr *)transport(skb);
                return header->seq;
            }
            int returned_by_one_of_two(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                struct tcphdr *header = (struct tcphdr *)transport_or_nothing(skb);
                return header->seq;
            }
            int returned_in_an_expression(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                u32 *sequence = (u32 *)(transport(skb) + offsetof(struct tcphdr, seq));
                return *sequence;
            }
            int returned_as_a_struct(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) { return tcp(skb)->seq; }

            int second_letter(struct pt_regs *ctx, u64 a, u64 b, u64 c, const struct qstr *text) { return text->name[1]; }
            int second_letter_with_blanks(struct pt_regs *ctx, u64 a, u64 b, u64 c, const struct qstr *text) { return text->name  [ 1]; }
            int second_letter_in_parentheses(struct pt_regs *ctx, u64 a, u64 b, u64 c, const struct qstr *text) { return (text->name)[1]; }
            int second_letter_of_an_argument(struct pt_regs *ctx, u64 a, u64 b, u64 c, char *text) { return text[1]; }
            int second_letter_behind_a_pointer(struct pt_regs *ctx, u64 a, u64 b, u64 c, char **text) { return (*text)[1]; }
            struct table { int row[5]; };
            int address_of_an_element(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct table *t) { return *(&t->row[1]); }
            int element_in_unions(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                return sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32[2];
            }
            int element_that_is_a_struct(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct task_struct *task) {
                int which = RLIMIT_NOFILE;
                return task->signal->rlim[which].rlim_cur;
            }
            struct tables { struct table *far; struct table near[3]; };
            int element_chosen_by_an_element(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct tables *t) {
                return t->far->row[t->near[2].row[3]];
            }

            int has_no_read(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct file *file) { return !file->f_op->read_iter; }
            int bits_behind_two_pointers(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct request *rq) {
                if (!(rq->bio->bi_flags & 1))
                    return 1;
                if (((rq->bio->bi_flags)) & 4)
                    return 2;
                return 0;
            }
            int member_of_an_unnamed_union(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct page *page) {
                void *mapping = page->mapping;
                return mapping != NULL;
            }

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
            int size_of_a_counter(void *ctx) { return sizeof(struct percpu_counter); }
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
    void pointersThatFunctionsReturn() {
        ProbeStage.Thing packet = stage.thing("tcphdr").u32(96 + stage.offset("tcphdr", "seq"), 0x01020304);
        long skb = stage.thing("sk_buff")
                .u64("head", packet.address())
                .u16("transport_header", 96)
                .address();
        assertThat(stage.run("returned", skb)).isEqualTo(0x01020304);
        assertThat(stage.run("returned_by_one_of_two", skb)).isEqualTo(0x01020304);
        assertThat(stage.run("returned_by_one_of_two", 0)).isZero();
        assertThat(stage.run("returned_in_an_expression", skb)).isEqualTo(0x01020304);
        assertThat(stage.run("returned_as_a_struct", skb)).isEqualTo(0x01020304);
    }

    @Test
    void elementsBehindPointers() {
        long text = stage.thing("qstr").text(64, "quay").address() + 64;
        assertThat(stage.run("second_letter_of_an_argument", text)).isEqualTo('u');
        long pointer = stage.thing("qstr").u64(0, text + 1).address();
        assertThat(stage.run("second_letter_behind_a_pointer", pointer)).isEqualTo('a');
        long table = stage.thing("qstr").u32(0, 10).u32(4, 11).u32(8, 12).address();
        assertThat(stage.run("address_of_an_element", table)).isEqualTo(11);
    }

    /** libbcc by itself reads these elsewhere: as many arrays, or pointers, further on. */
    @Test
    void elementsOfMembers() {
        long text = stage.thing("qstr").text(64, "quay").address() + 64;
        long qstr = stage.thing("qstr").u64("name", text).address();
        assertThat(stage.run("second_letter", qstr)).isEqualTo('u');
        assertThat(stage.run("second_letter_with_blanks", qstr)).isEqualTo('u');
        assertThat(stage.run("second_letter_in_parentheses", qstr)).isEqualTo('u');

        ProbeStage.Thing sock = stage.thing("sock");
        int address = sock.offset("__sk_common.skc_v6_rcv_saddr");
        assertThat(stage.run(
                        "element_in_unions", sock.u32(address + 8, 0x01020304).address()))
                .isEqualTo(0x01020304);

        ProbeStage.Thing signal = stage.thing("signal_struct");
        int limits = signal.offset("rlim") + 7 * 16; // RLIMIT_NOFILE is 7, a struct rlimit two words
        signal.u64(limits, 1024).u64(limits + 8, 4096);
        long task = stage.thing("task_struct").u64("signal", signal.address()).address();
        assertThat(stage.run("element_that_is_a_struct", task)).isEqualTo(1024);

        long far = stage.thing("qstr").u32(4 * 4, 77).address();
        long tables = stage.thing("qstr").u64(0, far).u32(8 + 2 * 20 + 3 * 4, 4).address();
        assertThat(stage.run("element_chosen_by_an_element", tables)).isEqualTo(77);
    }

    @Test
    void operatorsBeforeAMember() {
        ProbeStage.Thing operations = stage.thing("file_operations");
        long file = stage.thing("file").u64("f_op", operations.address()).address();
        assertThat(stage.run("has_no_read", file)).isEqualTo(1);
        operations.u64("read_iter", 1);
        assertThat(stage.run("has_no_read", file)).isZero();

        ProbeStage.Thing bio = stage.thing("bio");
        long request = stage.thing("request").u64("bio", bio.address()).address();
        assertThat(stage.run("bits_behind_two_pointers", request)).isEqualTo(1);
        bio.u16("bi_flags", 5);
        assertThat(stage.run("bits_behind_two_pointers", request)).isEqualTo(2);
        bio.u16("bi_flags", 3);
        assertThat(stage.run("bits_behind_two_pointers", request)).isZero();
    }

    @Test
    void aMemberOfAnUnnamedUnion() {
        ProbeStage.Thing page = stage.thing("page");
        assertThat(stage.run("member_of_an_unnamed_union", page.address())).isZero();
        page.u64("mapping", 1L << 40);
        assertThat(stage.run("member_of_an_unnamed_union", page.address())).isEqualTo(1);
    }

    @Test
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

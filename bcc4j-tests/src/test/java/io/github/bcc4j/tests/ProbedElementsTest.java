package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pointers that functions return, elements, operators: what plain C reads of the kernel's memory is what lies there. */
@Tag("native")
class ProbedElementsTest {
    private static final String TEXT = """
            #include <linux/fs.h>
            #include <linux/dcache.h>
            #include <linux/mm_types.h>
            #include <linux/sched/signal.h>
            #include <linux/resource.h>
            #include <linux/blk-mq.h>
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
            enum place { FIRST, SECOND, THIRD, FOURTH };
            int element_chosen_by_an_element(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct tables *t) {
                return t->far->row[t->near[THIRD].row[FOURTH]];
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
    @Conforms("test_clang.py TestClang.test_probe_read_return")
    @Conforms("test_clang.py TestClang.test_probe_read_multiple_return")
    @Conforms("test_clang.py TestClang.test_probe_read_return_expr")
    @Conforms("test_clang.py TestClang.test_probe_read_return_call")
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
    @Conforms("test_clang.py TestClang.test_probe_read_array_accesses4")
    @Conforms("test_clang.py TestClang.test_probe_read_array_accesses5")
    @Conforms("test_clang.py TestClang.test_probe_read_array_accesses6")
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
    @Conforms("test_clang.py TestClang.test_probe_read_array_accesses1")
    @Conforms("test_clang.py TestClang.test_probe_read_array_accesses2")
    @Conforms("test_clang.py TestClang.test_probe_read_array_accesses3")
    @Conforms("test_clang.py TestClang.test_probe_read_array_accesses7")
    @Conforms("test_clang.py TestClang.test_probe_read_array_accesses8")
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
    @Conforms("test_clang.py TestClang.test_unop_probe_read")
    @Conforms("test_clang.py TestClang.test_unary_operator")
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
    @Conforms("test_clang.py TestClang.test_probe_unnamed_union_deref")
    void aMemberOfAnUnnamedUnion() {
        ProbeStage.Thing page = stage.thing("page");
        assertThat(stage.run("member_of_an_unnamed_union", page.address())).isZero();
        page.u64("mapping", 1L << 40);
        assertThat(stage.run("member_of_an_unnamed_union", page.address())).isEqualTo(1);
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kernel memory behind pointers, read by plain C: whatever way the pointer went, the value is what lies there. */
@Tag("native")
class ProbeReadTest {
    private static final String TEXT = """
            #include <linux/sched.h>
            #include <linux/netdevice.h>
            #include <net/tcp.h>
            #include <net/inet_sock.h>
            #define READ(place) ({ typeof(place) copy = 0; bpf_probe_read_kernel(&copy, sizeof(copy), &place); copy; })

            int task_pid(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct task_struct *task) {
                pid_t pid = task->pid;
                return pid;
            }
            int current_prio(struct pt_regs *ctx) {
                struct task_struct *me = (struct task_struct *)bpf_get_current_task();
                return me->prio;
            }
            int arguments_differ(struct pt_regs *ctx, u64 a, u64 b, u64 c, unsigned long d, unsigned long e) { return d != e; }

            int gso_by_macro(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                return READ(TCP_SKB_CB(skb)->tcp_gso_size);
            }
            int gso_by_macro_and_protocol(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                return READ(TCP_SKB_CB(skb)->tcp_gso_size) + skb->protocol;
            }
            int gso_by_hand(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                u16 size = 0;
                bpf_probe_read_kernel(&size, sizeof(size), &(TCP_SKB_CB(skb)->tcp_gso_size));
                return size;
            }
            int gso_by_hand_and_protocol(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                u16 size = 0;
                bpf_probe_read_kernel(&size, sizeof(size), &(TCP_SKB_CB(skb)->tcp_gso_size));
                return size + skb->protocol;
            }

            int dport_by_address(struct pt_regs *ctx) {
                struct sock *sk = (struct sock *)PT_REGS_PARM4(ctx);
                return sk->sk_dport;
            }
            int rcv_saddr_of_result(struct pt_regs *ctx) {
                struct sock *made = (struct sock *)PT_REGS_RC(ctx);
                return made->__sk_common.skc_rcv_saddr;
            }
            static inline int read_port(__be16 *place) {
                __be16 port = 0;
                bpf_probe_read_kernel(&port, sizeof(port), place);
                return port;
            }
            int address_of_a_member(struct pt_regs *ctx) {
                struct sock *sk = (struct sock *)PT_REGS_PARM4(ctx);
                return read_port(&sk->sk_dport);
            }
            int cast_in_parentheses(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                u16 port = ((struct inet_sock *)sk)->inet_sport;
                return port;
            }
            int member_through_pointer(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                u32 *place = &sk->sk_daddr;
                return *place;
            }
            int pointer_to_pointer(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                struct sock *kept;
                struct sock **where = &kept;
                *where = sk;
                return ((struct sock *)(*where))->sk_daddr;
            }
            int pointer_to_pointer_to_pointer(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                struct sock *kept;
                struct sock **where = &kept;
                struct sock ***far = &where;
                *where = sk;
                *far = where;
                return ((struct sock *)(**far))->sk_daddr;
            }
            int two_pointers_to_the_argument(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                struct sock **assigned, **initialized = &sk;
                assigned = &sk;
                return (*assigned)->sk_daddr + (*initialized)->sk_num;
            }
            static struct sock **same(struct sock **place) { return place; }
            int pointers_through_a_function(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                struct sock **assigned, **initialized = same(&sk);
                assigned = same(&sk);
                return (*assigned)->sk_daddr + (*initialized)->sk_num;
            }
            static int daddr_of(struct sock ***place) { return ((struct sock *)(**place))->sk_daddr; }
            int pointers_into_a_function(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *sk) {
                struct sock *kept;
                struct sock **where = &kept;
                struct sock ***far = &where;
                *where = sk;
                *far = where;
                return daddr_of(far);
            }

            struct holder { void *any; struct sk_buff *skb; };
            int assigned_to_a_member(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                struct holder h = {};
                struct holder *to = &h;
                to->any = skb;
                return (u64)h.any >> 4;
            }
            int member_of_a_pointers_member(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                struct holder h = {};
                struct holder *to = &h;
                to->skb = skb;
                return to->skb->priority;
            }
            int member_of_a_member(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sk_buff *skb) {
                struct holder h = {};
                struct holder *to = &h;
                to->skb = skb;
                return h.skb->priority;
            }
            """;

    private static ProbeStage stage;
    private static long sock;
    private static ProbeStage.Thing skb;

    @BeforeAll
    static void compile() {
        stage = new ProbeStage(TEXT);
        sock = stage.thing("inet_sock")
                .u32("sk.__sk_common.skc_daddr", 0x0a630002)
                .u32("sk.__sk_common.skc_rcv_saddr", 0x0a630001)
                .u16("sk.__sk_common.skc_dport", 0x6712)
                .u16("sk.__sk_common.skc_num", 4711)
                .u16("inet_sport", 0x5017)
                .address();
        skb = stage.thing("sk_buff").u16("protocol", 0x0008).u32("priority", 0x11223344);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    @Conforms("test_clang.py TestClang.test_probe_read2")
    void argumentsAreWhatTheRegistersHold() {
        assertThat(stage.run("arguments_differ", 1, 1)).isZero();
        assertThat(stage.run("arguments_differ", 1L << 40, 1L << 41)).isEqualTo(1);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_probe_read1")
    void aMemberOfTheArgument() {
        assertThat(stage.run(
                        "task_pid", stage.thing("task_struct").u32("pid", 4242).address()))
                .isEqualTo(4242);
    }

    /** The 18th field of stat is the priority, of which the kernel's own is 100 more. */
    @Test
    @Conforms("test_clang.py TestClang.test_ext_ptr_from_helper")
    void aMemberOfWhatAHelperGave() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        int priority =
                Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[15]);
        assertThat(stage.run("current_prio")).isEqualTo(priority + 100);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_probe_read3")
    @Conforms("test_clang.py TestClang.test_probe_read4")
    @Conforms("test_clang.py TestClang.test_probe_read_whitelist1")
    @Conforms("test_clang.py TestClang.test_probe_read_whitelist2")
    void whatIsReadByHandIsLeftAlone() {
        skb.u16(skb.offset("cb") + stage.offset("tcp_skb_cb", "tcp_gso_size"), 1448);
        assertThat(stage.run("gso_by_macro", skb.address())).isEqualTo(1448);
        assertThat(stage.run("gso_by_macro_and_protocol", skb.address())).isEqualTo(1456);
        assertThat(stage.run("gso_by_hand", skb.address())).isEqualTo(1448);
        assertThat(stage.run("gso_by_hand_and_protocol", skb.address())).isEqualTo(1456);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_probe_read_kprobe_ctx")
    @Conforms("test_clang.py TestClang.test_probe_read_ctx_array")
    void pointersOfTheContext() {
        assertThat(stage.run("dport_by_address", sock)).isEqualTo(0x6712);
        assertThat(stage.runAtReturn("rcv_saddr_of_result", sock)).isEqualTo(0x0a630001);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_no_probe_read_addrof")
    void anAddressOfAMemberIsNotRead() {
        assertThat(stage.run("address_of_a_member", sock)).isEqualTo(0x6712);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_paren_probe_read")
    @Conforms("test_clang.py TestClang.test_probe_read_nested_member1")
    void membersThroughCastsAndPointers() {
        assertThat(stage.run("cast_in_parentheses", sock)).isEqualTo(0x5017);
        assertThat(stage.run("member_through_pointer", sock)).isEqualTo(0x0a630002);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_probe_read_nested_deref")
    @Conforms("test_clang.py TestClang.test_probe_read_nested_deref2")
    @Conforms("test_clang.py TestClang.test_probe_read_nested_deref3")
    void pointersToPointers() {
        assertThat(stage.run("pointer_to_pointer", sock)).isEqualTo(0x0a630002);
        assertThat(stage.run("pointer_to_pointer_to_pointer", sock)).isEqualTo(0x0a630002);
        assertThat(stage.run("two_pointers_to_the_argument", sock)).isEqualTo(0x0a630002 + 4711);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_probe_read_nested_deref_func1")
    @Conforms("test_clang.py TestClang.test_probe_read_nested_deref_func2")
    void pointersThroughFunctions() {
        assertThat(stage.run("pointers_through_a_function", sock)).isEqualTo(0x0a630002 + 4711);
        assertThat(stage.run("pointers_into_a_function", sock)).isEqualTo(0x0a630002);
    }

    @Test
    @Conforms("test_clang.py TestClang.test_probe_simple_member_assign")
    @Conforms("test_clang.py TestClang.test_probe_member_expr_deref")
    @Conforms("test_clang.py TestClang.test_probe_member_expr")
    void pointersInStructsOfTheProgramsOwn() {
        assertThat(stage.run("assigned_to_a_member", skb.address())).isEqualTo(skb.address() >>> 4 & 0xffff_ffffL);
        assertThat(stage.run("member_of_a_pointers_member", skb.address())).isEqualTo(0x11223344);
        assertThat(stage.run("member_of_a_member", skb.address())).isEqualTo(0x11223344);
    }

    private static final String OWN = """
            #include <uapi/linux/ptrace.h>
            struct sock { u32 *pointer; u32 **far; };
            int behind_a_member(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *s) { return *(s->pointer); }
            int behind_two_members(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *s) {
                u32 *near = *(s->far);
                return *near;
            }
            u32 *pointer_itself(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct sock *s) { return *(&s->pointer); }
            """;

    @Test
    @Conforms("test_clang.py TestClang.test_nested_probe_read_deref")
    @Conforms("test_clang.py TestClang.test_probe_read_nested_member2")
    @Conforms("test_clang.py TestClang.test_probe_read_nested_member3")
    void pointersBehindMembersOfAStructOfTheProgramsOwn() {
        try (ProbeStage own = new ProbeStage(OWN)) {
            long number = own.thing("sock").u32(0, 0xcafe).address();
            long pointer = own.thing("sock").u64(0, number).address();
            long struct = own.thing("sock").u64(0, number).u64(8, pointer).address();
            assertThat(own.run("behind_a_member", struct)).isEqualTo(0xcafe);
            assertThat(own.run("behind_two_members", struct)).isEqualTo(0xcafe);
            assertThat(own.run("pointer_itself", struct)).isEqualTo(number & 0xffff_ffffL);
        }
    }
}

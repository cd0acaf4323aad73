// The leftmost task of a run queue: rb_root_cached, rb_node, the entity around it.
#include <linux/sched.h>
#include <linux/rbtree.h>

struct load_of_queue { u64 runtime; u32 depth; };
BPF_HASH(leftmost, u32, struct load_of_queue);

// types: on_tick=kprobe
int on_tick(struct pt_regs *ctx, struct task_struct *p) {
    struct sched_entity *se = &p->se;
    struct rb_node *node = NULL;
    struct load_of_queue l = {};
    u32 cpu = bpf_get_smp_processor_id();
    bpf_probe_read_kernel(&node, sizeof(node), &se->run_node.rb_left);
#pragma unroll
    for (int i = 0; i < 6; i++) {
        struct rb_node *next = NULL;
        if (!node)
            break;
        l.depth++;
        bpf_probe_read_kernel(&next, sizeof(next), &node->rb_left);
        if (!next)
            break;
        node = next;
    }
    if (!node)
        return 0;
    struct sched_entity *first = rb_entry(node, struct sched_entity, run_node);
    bpf_probe_read_kernel(&l.runtime, sizeof(l.runtime), &first->sum_exec_runtime);
    leftmost.update(&cpu, &l);
    return 0;
}

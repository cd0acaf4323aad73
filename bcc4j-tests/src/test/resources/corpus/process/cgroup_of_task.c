// The cgroup (v2) a forking process is in, by name: css_set, cgroup, kernfs_node.
#include <linux/sched.h>
#include <linux/cgroup-defs.h>
#include <linux/kernfs.h>

struct where { u64 id; u32 level; char name[64]; };
BPF_HASH(where_forked, u32, struct where);

RAW_TRACEPOINT_PROBE(sched_process_fork) {
    struct task_struct *parent = (struct task_struct *)ctx->args[0];
    struct css_set *set;
    struct cgroup *group;
    struct kernfs_node *node;
    const char *name;
    u32 pid;
    struct where w = {};
    bpf_probe_read_kernel(&pid, sizeof(pid), &parent->tgid);
    bpf_probe_read_kernel(&set, sizeof(set), &parent->cgroups);
    bpf_probe_read_kernel(&group, sizeof(group), &set->dfl_cgrp);
    bpf_probe_read_kernel(&node, sizeof(node), &group->kn);
    bpf_probe_read_kernel(&w.level, sizeof(w.level), &group->level);
    bpf_probe_read_kernel(&w.id, sizeof(w.id), &node->id);
    bpf_probe_read_kernel(&name, sizeof(name), &node->name);
    bpf_probe_read_kernel_str(w.name, sizeof(w.name), name);
    where_forked.update(&pid, &w);
    return 0;
}

// Memory cgroups whose charge fails: mem_cgroup by its css and cgroup's name.
#include <linux/memcontrol.h>
#include <linux/cgroup-defs.h>
#include <linux/kernfs.h>

struct group { char name[64]; };
BPF_HASH(over_limit, struct group);

int kprobe__mem_cgroup_out_of_memory(struct pt_regs *ctx, struct mem_cgroup *memcg) {
    struct cgroup *cgrp = memcg->css.cgroup;
    struct kernfs_node *kn = cgrp->kn;
    struct group g = {};
    bpf_probe_read_kernel_str(&g.name, sizeof(g.name), kn->name);
    over_limit.increment(g);
    return 0;
}

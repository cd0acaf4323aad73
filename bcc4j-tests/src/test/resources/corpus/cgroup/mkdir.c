// Cgroups that are made and removed: tracepoint strings of dynamic length.
#include <linux/cgroup.h>

struct made { u64 id; int level; u32 removed; char path[64]; };
BPF_PERF_OUTPUT(made);

TRACEPOINT_PROBE(cgroup, cgroup_mkdir) {
    struct made m = {};
    m.id = args->id;
    m.level = args->level;
    TP_DATA_LOC_READ_STR(&m.path, path, sizeof(m.path));
    made.perf_submit(args, &m, sizeof(m));
    return 0;
}

TRACEPOINT_PROBE(cgroup, cgroup_rmdir) {
    struct made m = { .removed = 1 };
    m.id = args->id;
    TP_DATA_LOC_READ_STR(&m.path, path, sizeof(m.path));
    made.perf_submit(args, &m, sizeof(m));
    return 0;
}

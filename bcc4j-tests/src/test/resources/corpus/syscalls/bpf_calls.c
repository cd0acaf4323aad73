// Programs and maps that others load: the first bytes of union bpf_attr in user memory.
#include <uapi/linux/bpf.h>

struct loaded { u32 pid; u32 type; u32 instructions; char name[BPF_OBJ_NAME_LEN]; };
BPF_PERF_OUTPUT(loaded);

TRACEPOINT_PROBE(syscalls, sys_enter_bpf) {
    if (args->cmd != BPF_PROG_LOAD)
        return 0;
    union bpf_attr *attr = (union bpf_attr *)args->uattr;
    struct loaded l = {};
    l.pid = bpf_get_current_pid_tgid() >> 32;
    bpf_probe_read_user(&l.type, sizeof(l.type), &attr->prog_type);
    bpf_probe_read_user(&l.instructions, sizeof(l.instructions), &attr->insn_cnt);
    bpf_probe_read_user(&l.name, sizeof(l.name), &attr->prog_name);
    if (l.type == BPF_PROG_TYPE_SOCKET_FILTER)
        return 0;
    loaded.perf_submit(args, &l, sizeof(l));
    return 0;
}

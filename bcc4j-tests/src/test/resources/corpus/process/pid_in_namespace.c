// The process id as a container sees it, through struct pid and its upids.
#include <linux/sched.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/nsproxy.h>

struct ids { u32 outer, inner, level; };
BPF_PERF_OUTPUT(found);

static inline u32 inner_pid(struct task_struct *task, u32 *level) {
    struct pid *pid = task->thread_pid;
    struct pid_namespace *ns = task->nsproxy->pid_ns_for_children;
    struct upid upid = {};
    *level = ns->level;
    bpf_probe_read_kernel(&upid, sizeof(upid), &pid->numbers[*level & 31]);
    return upid.nr;
}

TRACEPOINT_PROBE(syscalls, sys_enter_execve) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct ids i = {};
    i.outer = bpf_get_current_pid_tgid() >> 32;
    struct pid *pid = NULL;
    struct nsproxy *nsproxy = NULL;
    struct pid_namespace *ns = NULL;
    struct upid upid = {};
    bpf_probe_read_kernel(&pid, sizeof(pid), &task->thread_pid);
    bpf_probe_read_kernel(&nsproxy, sizeof(nsproxy), &task->nsproxy);
    bpf_probe_read_kernel(&ns, sizeof(ns), &nsproxy->pid_ns_for_children);
    bpf_probe_read_kernel(&i.level, sizeof(i.level), &ns->level);
    bpf_probe_read_kernel(&upid, sizeof(upid), &pid->numbers[i.level]);
    i.inner = upid.nr;
    found.perf_submit(args, &i, sizeof(i));
    return 0;
}

// A hash key with padding made explicit, sorted out with version and configuration tests.
#include <linux/version.h>
#include <linux/kconfig.h>
#include <linux/sched.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 18, 0)
#error "too old"
#endif

struct where {
    u32 pid;
    u16 cpu;
#ifdef CONFIG_NUMA
    u16 node;
#else
    u16 pad;
#endif
    u64 ip;
};
BPF_HASH(places, struct where);

TRACEPOINT_PROBE(exceptions, page_fault_user) {
    struct where w = {};
    w.pid = bpf_get_current_pid_tgid() >> 32;
    w.cpu = bpf_get_smp_processor_id();
#if defined(CONFIG_NUMA) && IS_ENABLED(CONFIG_SMP)
    w.node = bpf_get_numa_node_id();
#endif
    w.ip = args->ip;
    places.increment(w);
    return 0;
}

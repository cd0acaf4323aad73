// Enumerators of the kernel's by name: of types that are not named themselves.
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/vmstat.h>
#include <linux/blk_types.h>
#include <linux/sched.h>
#include <linux/pid.h>
#include <linux/skbuff.h>
#include <linux/rcupdate.h>
#include <linux/bpf.h>

BPF_ARRAY(constants, u64, 16);

TRACEPOINT_PROBE(syscalls, sys_enter_sysinfo) {
    int i = 0;
    u64 sum = NR_FREE_PAGES + NR_INACTIVE_FILE * 2 + PIDTYPE_TGID * 3 + PIDTYPE_SID;
    constants.update(&i, &sum);
    i = 1;
    sum = ZONE_NORMAL + MAX_NR_ZONES + NR_VM_ZONE_STAT_ITEMS;
    constants.update(&i, &sum);
    i = 2;
    sum = BPF_PROG_TYPE_KPROBE | BPF_MAP_TYPE_RINGBUF << 8;
    constants.update(&i, &sum);
    i = 3;
    sum = MM_ANONPAGES + PGFAULT + PGMAJFAULT;
    constants.update(&i, &sum);
    return 0;
}

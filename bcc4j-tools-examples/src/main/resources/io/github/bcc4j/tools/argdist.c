// What users want to see distributions of is made for them, below.
#include <linux/sched.h>

BPF_ARRAY(lost, u64, 1);              // values that their table had no room for

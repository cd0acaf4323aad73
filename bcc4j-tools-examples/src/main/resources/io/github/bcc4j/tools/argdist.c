// What users want to see distributions of is made for them, below.
#include <linux/sched.h>

// Calls of the virtual file system, by kind.

BPF_PERCPU_ARRAY(calls, u64, KINDS);

static int count(int kind) {
    if (!unwanted())
        calls.increment(kind);
    return 0;
}

int reads(struct pt_regs *ctx) { return count(0); }
int writes(struct pt_regs *ctx) { return count(1); }
int fsyncs(struct pt_regs *ctx) { return count(2); }
int opens(struct pt_regs *ctx) { return count(3); }
int creates(struct pt_regs *ctx) { return count(4); }
int unlinks(struct pt_regs *ctx) { return count(5); }
int mkdirs(struct pt_regs *ctx) { return count(6); }
int rmdirs(struct pt_regs *ctx) { return count(7); }

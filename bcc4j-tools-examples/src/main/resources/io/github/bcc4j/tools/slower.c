// Calls of a file system that take long.
#include <linux/fs.h>
#include <linux/dcache.h>

struct call {
    u64 thread;
    u64 kind;
};

struct begun {
    u64 ns;
    u64 offset;
    u64 file;
};

struct slow_event {
    u64 ns;
    u64 lasted;
    u64 offset;
    s64 bytes;
    u32 pid;
    u32 kind;
    char comm[16];
    char name[64];
};

BPF_TABLE("lru_hash", struct call, struct begun, calls, 10240);
BPF_PERF_OUTPUT(events);

static int begins(char kind, u64 file, u64 offset) {
    if (unwanted())
        return 0;
    struct call call = {.thread = bpf_get_current_pid_tgid(), .kind = kind};
    struct begun b = {.ns = bpf_ktime_get_ns(), .offset = offset, .file = file};
    calls.update(&call, &b);
    return 0;
}

static int ends(struct pt_regs *ctx, char kind) {
    struct call call = {.thread = bpf_get_current_pid_tgid(), .kind = kind};
    struct begun *b = calls.lookup(&call);
    if (!b)
        return 0;
    struct slow_event e = {};
    e.ns = bpf_ktime_get_ns();
    e.lasted = e.ns - b->ns;
    if (e.lasted >= MIN_NS) {
        e.offset = b->offset;
        e.bytes = kind == 'R' || kind == 'W' ? PT_REGS_RC(ctx) : 0;
        e.pid = call.thread >> 32;
        e.kind = kind;
        bpf_get_current_comm(&e.comm, sizeof(e.comm));
        struct file *file = (struct file *)b->file;
        struct dentry *dentry = 0;
        const char *name = 0;
        bpf_probe_read_kernel(&dentry, sizeof(dentry), &file->f_path.dentry);
        bpf_probe_read_kernel(&name, sizeof(name), &dentry->d_name.name);
        bpf_probe_read_kernel_str(&e.name, sizeof(e.name), name);
        events.perf_submit(ctx, &e, sizeof(e));
    }
    calls.delete(&call);
    return 0;
}

static int transfer(char kind, struct kiocb *iocb) {
    u64 file = 0, offset = 0;
    bpf_probe_read_kernel(&file, sizeof(file), &iocb->ki_filp);
    bpf_probe_read_kernel(&offset, sizeof(offset), &iocb->ki_pos);
    return begins(kind, file, offset);
}

int read_begins(struct pt_regs *ctx) { return transfer('R', (struct kiocb *)PT_REGS_PARM1(ctx)); }
int read_ends(struct pt_regs *ctx) { return ends(ctx, 'R'); }
int write_begins(struct pt_regs *ctx) { return transfer('W', (struct kiocb *)PT_REGS_PARM1(ctx)); }
int write_ends(struct pt_regs *ctx) { return ends(ctx, 'W'); }
int open_begins(struct pt_regs *ctx) { return begins('O', PT_REGS_PARM2(ctx), 0); }
int open_ends(struct pt_regs *ctx) { return ends(ctx, 'O'); }
int sync_begins(struct pt_regs *ctx) { return begins('S', PT_REGS_PARM1(ctx), 0); }
int sync_ends(struct pt_regs *ctx) { return ends(ctx, 'S'); }

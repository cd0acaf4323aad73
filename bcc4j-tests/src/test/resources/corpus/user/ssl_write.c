// What is written through a TLS library, before it is encrypted: at most a bounded piece of it.
// types: on_write=kprobe
#define MOST 512
struct data { u32 pid, length; u8 bytes[MOST]; };
BPF_PERCPU_ARRAY(heap, struct data, 1);
BPF_PERF_OUTPUT(plain);

int on_write(struct pt_regs *ctx, void *ssl, void *buffer, size_t length) {
    int zero = 0;
    struct data *d = heap.lookup(&zero);
    if (!d)
        return 0;
    d->pid = bpf_get_current_pid_tgid() >> 32;
    d->length = length;
    if (length > MOST)
        length = MOST;
    bpf_probe_read_user(d->bytes, length, buffer);
    plain.perf_submit(ctx, d, sizeof(*d));
    return 0;
}

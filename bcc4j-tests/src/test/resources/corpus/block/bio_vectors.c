// Number of pages and the first bytes' offset of bios that a process submits: bio_vec, a walk over the first ones.
#include <linux/bio.h>
#include <linux/bvec.h>

struct shape { u32 pid; u16 segments; u16 cloned; u32 first_offset, bytes; };
BPF_PERF_OUTPUT(shapes);

int kprobe__submit_bio(struct pt_regs *ctx, struct bio *bio) {
    struct shape s = {};
    s.pid = bpf_get_current_pid_tgid() >> 32;
    s.segments = bio->bi_vcnt;
    unsigned short flags = bio->bi_flags;
    s.cloned = (flags & (1U << BIO_CLONED)) != 0;
    struct bio_vec *vec = bio->bi_io_vec;
    s.first_offset = vec->bv_offset;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        struct bio_vec v = {};
        if (i < s.segments)
            bpf_probe_read_kernel(&v, sizeof(v), vec + i);
        s.bytes += v.bv_len;
    }
    shapes.perf_submit(ctx, &s, sizeof(s));
    return 0;
}

struct event {
    u64 seq;
    u64 ts;
    u64 addr;
    u64 lat;
    u32 pid;
    u32 tid;
    u32 cpu;
    u32 kind;
    char comm[16];
};
BPF_ARRAY(numbers, u64, 1);
BPF_PERF_OUTPUT(events);

int produce(struct __sk_buff *packet) {
    int zero = 0;
    u64 *number = numbers.lookup(&zero);
    if (!number)
        return 0;
    struct event e = {.comm = "bench"};
    e.seq = (*number)++;
    e.ts = e.seq * 3;
    e.addr = ~e.seq;
    e.lat = e.seq & 1023;
    e.pid = e.seq & 32767;
    e.tid = e.pid + 1;
    e.kind = e.seq & 3;
    events.perf_submit(packet, &e, sizeof(e));
    return 0;
}

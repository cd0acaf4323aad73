
BPF_TABLE("lru_hash", u64, u64, since, 65536);      // of sockets: when they came into their state

static void changed(void *ctx, struct inet_event *e) {
    u64 sk = e->sk;
    u64 *before = since.lookup(&sk);
    e->lasted = before ? e->ns - *before : 0;
    e->pid = bpf_get_current_pid_tgid() >> 32;
    e->uid = bpf_get_current_uid_gid();
    bpf_get_current_comm(&e->comm, sizeof(e->comm));
    events.perf_submit(ctx, e, sizeof(*e));
    if (e->newstate == CLOSE)
        since.delete(&sk);
    else
        since.update(&sk, &e->ns);
}

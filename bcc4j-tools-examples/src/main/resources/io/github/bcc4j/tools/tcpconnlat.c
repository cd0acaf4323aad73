
static void changed(void *ctx, struct inet_event *e) {
    u64 sk = e->sk;
    if (e->newstate == SYN_SENT) {
        if (!unwanted())
            remember(sk, e->ns);
        return;
    }
    struct owner *o = owners.lookup(&sk);
    if (!o)
        return;
    e->lasted = e->ns - o->ns;
    owned_by(e, o);
    if (e->newstate == ESTABLISHED && e->lasted >= MIN_NS)
        events.perf_submit(ctx, e, sizeof(*e));
    owners.delete(&sk);
}

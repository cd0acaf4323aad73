
static void submit(void *ctx, struct inet_event *e, struct owner *o) {
    owned_by(e, o);
    e->ns = o->ns;
    events.perf_submit(ctx, e, sizeof(*e));
}

// The connecting process makes the change to SYN_SENT itself; its port is chosen after that.
static void changed(void *ctx, struct inet_event *e) {
    u64 sk = e->sk;
    if (e->newstate == SYN_SENT && !unwanted()) {
        remember(sk, e->ns);
#ifndef WITH_PORT
        struct owner *o = owners.lookup(&sk);
        if (o)
            submit(ctx, e, o);
#endif
    }
#ifdef WITH_PORT
    struct owner *o = owners.lookup(&sk);
    if (e->oldstate == SYN_SENT && o)
        submit(ctx, e, o);
#endif
    if (e->newstate != SYN_SENT)
        owners.delete(&sk);
}

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.EventStream;
import io.github.bcc4j.type.Unsigned;

class Forked {
    record Event(@Unsigned int parent, @Unsigned int child, String comm) {}

    public static void main(String[] args) {
        try (BPF bpf = BPF.fromSource("""
                struct event { u32 parent; u32 child; char comm[16]; };
                BPF_PERF_OUTPUT(events);
                TRACEPOINT_PROBE(sched, sched_process_fork) {
                    struct event e = { .parent = bpf_get_current_pid_tgid() >> 32, .child = args->child_pid };
                    bpf_get_current_comm(&e.comm, sizeof(e.comm));
                    events.perf_submit(args, &e, sizeof(e));
                    return 0;
                }
                """);
                EventStream<Event> events = bpf.perfBuffer("events", Event.class).stream()) {
            events.limit(3).forEach(System.out::println);
        }
    }
}

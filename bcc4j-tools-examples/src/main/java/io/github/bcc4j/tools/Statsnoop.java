package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Files whose state is asked for, by stat(2) and its relatives. */
@Command(
        name = "statsnoop",
        description = "Trace stat() system calls.",
        footer = {
            "",
            "Examples:",
            "  statsnoop          # every one",
            "  statsnoop -x       # failed ones",
            "  statsnoop -p 181   # of one process"
        })
final class Statsnoop extends Tool {
    @Option(
            names = {"-t", "--timestamp"},
            description = "Print seconds since the first one.")
    private boolean timestamp;

    @Option(
            names = {"-x", "--failed"},
            description = "Print failed calls only.")
    private boolean failed;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    record StatEvent(long ns, @Unsigned int pid, int ret, String comm, String path) {}

    private long first;

    @Override
    protected void trace(Session session, Output out) {
        Rows<StatEvent> rows = new Rows<StatEvent>(out)
                .column(timestamp, "TIME(s)", "%-14.9f", e -> (e.ns() - first) / 1e9)
                .column("PID", "%-7d ", StatEvent::pid)
                .column("COMM", "%-20s ", StatEvent::comm)
                .column("FD", "%4d ", e -> Math.max(e.ret(), -1))
                .column("ERR", "%3d ", e -> Math.max(0, -e.ret()))
                .column("PATH", "%s", StatEvent::path);
        try (BPF bpf = program()
                        .define("ONLY_PID", pid)
                        .defineIf("ONLY_FAILED", failed)
                        .defineIf("HAS_NEWSTAT", Probes.tracepointExists("syscalls", "sys_enter_newstat"))
                        .load();
                PerfBuffer<StatEvent> events =
                        bpf.perfBuffer("events", StatEvent.class, new PerfBufferOptions(128, 1))) {
            rows.header();
            session.ready();
            session.forEach(events, e -> {
                first = first == 0 ? e.ns() : first;
                rows.print(e);
            });
            warnIfLost(events.lost());
        }
    }
}

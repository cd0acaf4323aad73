package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long it takes to look up the names of hosts. */
@Command(
        name = "gethostlatency",
        description = "Trace how long getaddrinfo() and gethostbyname() take.",
        footer = {"", "Examples:", "  gethostlatency", "  gethostlatency -p 181   # of one process"})
final class Gethostlatency extends Tool {
    private static final List<String> CALLS = List.of("getaddrinfo", "gethostbyname", "gethostbyname2");

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    record Lookup(long ns, long lasted, @Unsigned int pid, String comm, String host) {}

    @Override
    protected void trace(Session session, Output out) {
        Rows<Lookup> rows = new Rows<Lookup>(out)
                .column("TIME", "%-9s ", e -> Intervals.clock())
                .column("PID", "%-7d ", Lookup::pid)
                .column("COMM", "%-16s ", Lookup::comm)
                .column("LATms", "%10.2f ", e -> e.lasted() / 1e6)
                .column("HOST", "%s", Lookup::host);
        try (BPF bpf = program().define("ONLY_PID", pid).load();
                PerfBuffer<Lookup> events = bpf.perfBuffer("events", Lookup.class)) {
            for (String call : CALLS) {
                bpf.attachUprobe("c", call, "called");
                bpf.attachUretprobe("c", call, "returned");
            }
            rows.header();
            session.ready();
            session.forEach(events, rows::print);
            warnIfLost(events.lost());
        }
    }
}

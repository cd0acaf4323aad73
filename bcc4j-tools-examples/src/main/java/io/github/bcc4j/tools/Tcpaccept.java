package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Containers;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Ip;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.net.InetAddress;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Connections that processes accept, by accept(2). */
@Command(
        name = "tcpaccept",
        description = "Trace TCP connections that are accepted: accept().",
        footer = {
            "",
            "Examples:",
            "  tcpaccept             # every one",
            "  tcpaccept -T          # with the time of day",
            "  tcpaccept -P 80,443   # at these ports",
            "  tcpaccept -p 181      # of one process"
        })
final class Tcpaccept extends Tool {
    @Mixin
    private Ip ip;

    @Option(
            names = {"-T", "--time"},
            description = "Print the time of day.")
    private boolean time;

    @Option(
            names = {"-t", "--timestamp"},
            description = "Print seconds since the first one.")
    private boolean timestamp;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    @Option(
            names = {"-P", "--port"},
            paramLabel = "PORT,...",
            description = "Trace connections to these local ports only.")
    private String ports;

    @Mixin
    private Containers containers;

    record AcceptEvent(
            long ns,
            @Unsigned int pid,
            @Unsigned int lport,
            @Unsigned int rport,
            InetAddress laddr,
            InetAddress raddr,
            String comm) {}

    private long first;

    @Override
    protected void trace(Session session, Output out) {
        Set<Integer> only = Ip.ports(ports);
        Rows<AcceptEvent> rows = new Rows<AcceptEvent>(out)
                .column(time, "TIME", "%-9s", e -> Intervals.clock())
                .column(timestamp, "TIME(s)", "%-9.3f", e -> (e.ns() - first) / 1e9)
                .column("PID", "%-7d ", AcceptEvent::pid)
                .column("COMM", "%-12.12s ", AcceptEvent::comm)
                .column("IP", "%-2d ", e -> Ip.version(e.raddr()))
                .column("RADDR", "%-16s ", e -> Ip.text(e.raddr()))
                .column("RPORT", "%-5d ", AcceptEvent::rport)
                .column("LADDR", "%-16s ", e -> Ip.text(e.laddr()))
                .column("LPORT", "%-5d", AcceptEvent::lport);
        try (BPF bpf = ip.define(program())
                        .define("ONLY_PID", pid)
                        .in(containers)
                        .load();
                PerfBuffer<AcceptEvent> events =
                        bpf.perfBuffer("events", AcceptEvent.class, new PerfBufferOptions(64, 1))) {
            rows.header();
            session.ready();
            session.forEach(events, e -> {
                first = first == 0 ? e.ns() : first;
                if (only.isEmpty() || only.contains(e.lport())) {
                    rows.print(e);
                }
            });
            warnIfLost(events.lost());
        }
    }
}

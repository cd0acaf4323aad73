package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Connections;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Ip;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Connections when they end: whose, between whom, how much, how long. */
@Command(
        name = "tcplife",
        description = "Trace TCP connections when they end: bytes and time.",
        footer = {
            "",
            "Examples:",
            "  tcplife              # every one",
            "  tcplife -T           # with the time of day",
            "  tcplife -w           # columns with room for IPv6",
            "  tcplife -L 80,443    # with these local ports",
            "  tcplife -D 5432      # with this remote port"
        })
final class Tcplife extends Tool {
    @Mixin
    private Ip ip;

    @Mixin
    private Connections connections;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    private long first;

    @Override
    protected void trace(Session session, Output out) {
        connections.check();
        boolean wide = connections.wide();
        String address = wide ? "%-26s " : "%-15s ";
        Rows<InetEvent> rows = new Rows<InetEvent>(out)
                .column(connections.time(), "TIME", "%-8s ", e -> Intervals.clock())
                .column(connections.timestamp(), "TIME(s)", "%-9.6f ", e -> (e.ns() - first) / 1e9)
                .column("PID", "%-5d ", InetEvent::pid)
                .column("COMM", wide ? "%-16.16s " : "%-10.10s ", InetEvent::comm)
                .column(wide, "IP", "%-2d ", e -> Ip.version(e.raddr()))
                .column("LADDR", address, e -> Ip.text(e.laddr()))
                .column("LPORT", "%-5d ", InetEvent::lport)
                .column("RADDR", address, e -> Ip.text(e.raddr()))
                .column("RPORT", "%-5d ", InetEvent::rport)
                .column("TX_KB", wide ? "%6d " : "%5d ", e -> e.sent() / 1024)
                .column("RX_KB", wide ? "%6d " : "%5d ", e -> e.received() / 1024)
                .column("MS", "%.2f", e -> e.lasted() / 1e6);
        try (BPF bpf = ip.define(program("inet.c", "tcplife.c"))
                        .define("ONLY_PID", pid)
                        .load();
                PerfBuffer<InetEvent> events =
                        bpf.perfBuffer("events", InetEvent.class, new PerfBufferOptions(64, 1))) {
            rows.header();
            session.ready();
            session.forEach(events, e -> {
                first = first == 0 ? e.ns() : first;
                if (connections.wants(e.lport(), e.rport())) {
                    rows.print(e);
                }
            });
            warnIfLost(events.lost());
        }
    }
}

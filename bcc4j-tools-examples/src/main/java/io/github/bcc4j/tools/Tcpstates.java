package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.kernel.Tcp;
import io.github.bcc4j.tools.cli.Connections;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Ip;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Each change of a connection's state, and how long it was in the one before. */
@Command(
        name = "tcpstates",
        description = "Trace changes of TCP connections' states, with the time in each.",
        footer = {
            "",
            "Examples:",
            "  tcpstates              # every change",
            "  tcpstates -T -w        # with the time of day, and room for IPv6",
            "  tcpstates -L 80        # of connections with this local port",
            "  tcpstates -D 80        # of connections with this remote port"
        })
final class Tcpstates extends Tool {
    @Mixin
    private Ip ip;

    @Mixin
    private Connections connections;

    private long first;

    @Override
    protected void trace(Session session, Output out) {
        connections.check();
        boolean wide = connections.wide();
        String address = wide ? "%-26s " : "%-15s ";
        Rows<InetEvent> rows = new Rows<InetEvent>(out)
                .column(connections.time(), "TIME", "%-8s ", e -> Intervals.clock())
                .column(connections.timestamp(), "TIME(s)", "%-9.6f ", e -> (e.ns() - first) / 1e9)
                .column("SKADDR", "%-16s ", e -> Long.toHexString(e.sk()))
                .column("C-PID", "%-5d ", InetEvent::pid)
                .column("C-COMM", wide ? "%-16.16s " : "%-10.10s ", InetEvent::comm)
                .column(wide, "IP", "%-2d ", e -> Ip.version(e.raddr()))
                .column("LADDR", address, e -> Ip.text(e.laddr()))
                .column("LPORT", "%-5d ", InetEvent::lport)
                .column("RADDR", address, e -> Ip.text(e.raddr()))
                .column("RPORT", "%-5d ", InetEvent::rport)
                .column("OLDSTATE", "%-11s -> ", e -> state(e.oldstate()))
                .column("NEWSTATE", "%-11s ", e -> state(e.newstate()))
                .column("MS", "%.3f", e -> e.lasted() / 1e6);
        try (BPF bpf = ip.define(program("inet.c", "tcpstates.c")).load();
                PerfBuffer<InetEvent> events =
                        bpf.perfBuffer("events", InetEvent.class, new PerfBufferOptions(64, 1))) {
            rows.header();
            session.ready();
            session.forEachInTimeOrder(events, InetEvent::ns, (cpu, e) -> {
                first = first == 0 ? e.ns() : first;
                if (connections.wants(e.lport(), e.rport())) {
                    rows.print(e);
                }
            });
            warnIfLost(events.lost());
        }
    }

    private static String state(int number) {
        return Tcp.state(number).replaceFirst("^TCP_", "");
    }
}

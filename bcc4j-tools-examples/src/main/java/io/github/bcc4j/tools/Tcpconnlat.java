package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Ip;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How long connections take to be made: from the first segment sent to the answer. */
@Command(
        name = "tcpconnlat",
        description = "Trace how long TCP connections take to be made.",
        footer = {"", "Examples:", "  tcpconnlat         # every one", "  tcpconnlat 10      # those of 10 ms and more"
        })
final class Tcpconnlat extends Tool {
    @Mixin
    private Ip ip;

    @Parameters(
            arity = "0..1",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Only those that take so many milliseconds or longer.")
    private double least;

    @Option(
            names = {"-t", "--timestamp"},
            description = "Print seconds since the first one.")
    private boolean timestamp;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    @Option(
            names = {"-L", "--lport"},
            description = "Print the local port.")
    private boolean localPort;

    private long first;

    @Override
    protected void trace(Session session, Output out) {
        if (!(least >= 0 && least < 1e9)) {
            throw new IllegalArgumentException("a time is 0 ms or more, not " + least);
        }
        Rows<InetEvent> rows = new Rows<InetEvent>(out)
                .column(timestamp, "TIME(s)", "%-9.3f", e -> (e.ns() - first) / 1e9)
                .column("PID", "%-7d ", InetEvent::pid)
                .column("COMM", "%-12.12s ", InetEvent::comm)
                .column("IP", "%-2d ", e -> Ip.version(e.raddr()))
                .column("SADDR", "%-16s ", e -> Ip.text(e.laddr()))
                .column(localPort, "LPORT", "%-6d ", InetEvent::lport)
                .column("DADDR", "%-16s ", e -> Ip.text(e.raddr()))
                .column("DPORT", "%-5d ", InetEvent::rport)
                .column("LAT(ms)", "%.2f", e -> e.lasted() / 1e6);
        try (BPF bpf = ip.define(program("inet.c", "tcpconnlat.c"))
                        .define("ONLY_PID", pid)
                        .define("MIN_NS", (long) (least * 1e6))
                        .load();
                PerfBuffer<InetEvent> events =
                        bpf.perfBuffer("events", InetEvent.class, new PerfBufferOptions(64, 1))) {
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

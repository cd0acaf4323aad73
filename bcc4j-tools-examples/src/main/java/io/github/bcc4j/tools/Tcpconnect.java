package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Containers;
import io.github.bcc4j.tools.cli.Ip;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.cli.Users;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Connections that processes make, by connect(2). */
@Command(
        name = "tcpconnect",
        description = "Trace TCP connections that are made: connect().",
        footer = {
            "",
            "Examples:",
            "  tcpconnect             # every one",
            "  tcpconnect -tL         # with the time, and the local port, once the other side has answered",
            "  tcpconnect -P 80,443   # to these ports",
            "  tcpconnect -c          # count them by where from and where to"
        })
final class Tcpconnect extends Tool {
    private static final int MOST_COUNTED = 100_000;

    @Mixin
    private Ip ip;

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
            description = "Trace connections to these ports only.")
    private String ports;

    @Option(
            names = {"-L", "--lport"},
            description =
                    "Print the local port: known when the other side has answered, so connections are printed then.")
    private boolean localPort;

    @Option(
            names = {"-U", "--print-uid"},
            description = "Print the user id.")
    private boolean printUid;

    @Option(
            names = {"-u", "--uid"},
            paramLabel = "USER",
            converter = Users.class,
            description = "Trace this user only, a number or a name.")
    private Long uid;

    @Option(
            names = {"-c", "--count"},
            description = "Count connections by addresses and port, and print that at the end.")
    private boolean count;

    @Mixin
    private Containers containers;

    private record Way(String from, String to, int port) {}

    private final Map<Way, Long> counts = new LinkedHashMap<>();
    private long notCounted;
    private long first;

    @Override
    protected void trace(Session session, Output out) {
        Set<Integer> only = Ip.ports(ports);
        Rows<InetEvent> rows = new Rows<InetEvent>(out)
                .column(timestamp, "TIME(s)", "%-9.3f", e -> (e.ns() - first) / 1e9)
                .column(printUid, "UID", "%-6d", e -> Integer.toUnsignedLong(e.uid()))
                .column("PID", "%-7d ", InetEvent::pid)
                .column("COMM", "%-12.12s ", InetEvent::comm)
                .column("IP", "%-2d ", e -> Ip.version(e.raddr()))
                .column("SADDR", "%-16s ", e -> Ip.text(e.laddr()))
                .column(localPort, "LPORT", "%-6d ", InetEvent::lport)
                .column("DADDR", "%-16s ", e -> Ip.text(e.raddr()))
                .column("DPORT", "%-6d", InetEvent::rport);
        try (BPF bpf = ip.define(program("inet.c", "tcpconnect.c"))
                        .define("ONLY_PID", pid)
                        .define("ONLY_UID", uid)
                        .defineIf("WITH_PORT", localPort)
                        .in(containers)
                        .load();
                PerfBuffer<InetEvent> events =
                        bpf.perfBuffer("events", InetEvent.class, new PerfBufferOptions(64, 1))) {
            out.text("Tracing connect ... Hit Ctrl-C to end%n");
            if (!count) {
                rows.header();
            }
            session.ready();
            session.forEach(events, e -> {
                first = first == 0 ? e.ns() : first;
                if (!only.isEmpty() && !only.contains(e.rport())) {
                    return;
                }
                if (count) {
                    count(e);
                } else {
                    rows.print(e);
                }
            });
            if (count) {
                counted(out);
            }
            warnIfLost(events.lost() + notCounted);
        }
    }

    private void count(InetEvent e) {
        Way way = new Way(Ip.text(e.laddr()), Ip.text(e.raddr()), e.rport());
        if (counts.size() < MOST_COUNTED || counts.containsKey(way)) {
            counts.merge(way, 1L, Long::sum);
        } else {
            notCounted++;
        }
    }

    private void counted(Output out) {
        Rows<Map.Entry<Way, Long>> rows = new Rows<Map.Entry<Way, Long>>(out)
                .column("LADDR", "%-25s ", e -> e.getKey().from())
                .column("RADDR", "%-25s ", e -> e.getKey().to())
                .column("RPORT", "%-20d ", e -> e.getKey().port())
                .column("CONNECTS", "%-10d", Map.Entry::getValue);
        out.text("%n");
        rows.header();
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(rows::print);
        out.flush();
    }
}

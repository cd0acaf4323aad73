package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.kernel.Tcp;
import io.github.bcc4j.tools.cli.Hook;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Ip;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Program;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Segments that TCP sends again. */
@Command(
        name = "tcpretrans",
        description = "Trace TCP segments that are sent again.",
        footer = {
            "",
            "Examples:",
            "  tcpretrans        # every one",
            "  tcpretrans -l     # and probes for a lost end",
            "  tcpretrans -c     # count them by connection"
        })
final class Tcpretrans extends Tool {
    private static final int MOST_COUNTED = 100_000;

    @Mixin
    private Ip ip;

    @Option(
            names = {"-s", "--sequence"},
            description = "Print sequence numbers.")
    private boolean sequence;

    @Option(
            names = {"-l", "--lossprobe"},
            description = "Trace tail loss probes, too.")
    private boolean lossProbes;

    @Option(
            names = {"-c", "--count"},
            description = "Count by connection, and print that at the end.")
    private boolean count;

    record Retransmit(
            long ns,
            @Unsigned int pid,
            @Unsigned int seq,
            @Unsigned int lport,
            @Unsigned int rport,
            @Unsigned int state,
            @Unsigned int probe,
            InetAddress laddr,
            InetAddress raddr) {
        private String local() {
            return Ip.text(laddr) + ':' + lport;
        }

        private String remote() {
            return Ip.text(raddr) + ':' + rport;
        }
    }

    private record Flow(String laddr, int lport, String raddr, int rport) {}

    private final Map<Flow, Long> counts = new LinkedHashMap<>();
    private long notCounted;

    @Override
    protected void trace(Session session, Output out) {
        Rows<Retransmit> rows = new Rows<Retransmit>(out)
                .column("TIME", "%-8s ", e -> Intervals.clock())
                .column("PID", "%-7d ", Retransmit::pid)
                .column("IP", "%-2d ", e -> Ip.version(e.raddr()))
                .column("LADDR:LPORT", "%-20s ", Retransmit::local)
                .column("T>", "%1s> ", e -> e.probe() != 0 ? "L" : "R")
                .column("RADDR:RPORT", "%-20s ", Retransmit::remote)
                .column(
                        "STATE",
                        sequence ? "%-12s " : "%-4s",
                        e -> Tcp.state(e.state()).replaceFirst("^TCP_", ""))
                .column(sequence, "SEQ", "%-10d", e -> Integer.toUnsignedLong(e.seq()));
        Program program = ip.define(program());
        if (lossProbes) {
            program.via(Hook.TCP_LOSS_PROBE, "loss_probe");
        }
        try (BPF bpf = program.load();
                PerfBuffer<Retransmit> events =
                        bpf.perfBuffer("events", Retransmit.class, new PerfBufferOptions(64, 1))) {
            out.text("Tracing retransmits ... Hit Ctrl-C to end%n");
            if (!count) {
                rows.header();
            }
            session.ready();
            session.forEach(events, e -> {
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

    private void count(Retransmit e) {
        Flow flow = new Flow(Ip.text(e.laddr()), e.lport(), Ip.text(e.raddr()), e.rport());
        if (counts.size() < MOST_COUNTED || counts.containsKey(flow)) {
            counts.merge(flow, 1L, Long::sum);
        } else {
            notCounted++;
        }
    }

    private void counted(Output out) {
        Rows<Map.Entry<Flow, Long>> rows = new Rows<Map.Entry<Flow, Long>>(out)
                .column(
                        "LADDR:LPORT",
                        "%-24s <-> ",
                        e -> "[" + e.getKey().laddr() + "]#" + e.getKey().lport())
                .column(
                        "RADDR:RPORT",
                        "%-24s ",
                        e -> "[" + e.getKey().raddr() + "]#" + e.getKey().rport())
                .column("RETRANSMITS", "%10d", Map.Entry::getValue);
        out.text("%n");
        rows.header();
        counts.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach(rows::print);
        out.flush();
    }
}

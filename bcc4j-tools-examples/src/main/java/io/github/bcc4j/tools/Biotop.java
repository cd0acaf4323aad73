package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.tools.cli.Disks;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.cli.Top;
import io.github.bcc4j.type.Unsigned;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who makes block devices work most. */
@Command(
        name = "biotop",
        description = "Processes by block I/O.",
        footer = {
            "",
            "Examples:",
            "  biotop            # each second",
            "  biotop -C 5       # below each other, each five seconds"
        })
final class Biotop extends Tool {
    @Mixin
    private Intervals intervals;

    @Mixin
    private Top top;

    @Option(
            names = {"-p", "--pid"},
            description = "Count for this process only.")
    private Long pid;

    record Who(
            @Unsigned int pid, @Unsigned int dev, @Unsigned int write, String comm) {}

    record Done(long requests, long bytes, long ns) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        intervals.orElse(1);
        Disks disks = new Disks();
        Rows<Map.Entry<Who, Done>> rows = new Rows<Map.Entry<Who, Done>>(out)
                .column("PID", "%-7d ", e -> e.getKey().pid())
                .column("COMM", "%-16s ", e -> e.getKey().comm())
                .column("D", "%1s ", e -> e.getKey().write() != 0 ? "W" : "R")
                .column("MAJ", "%-3d ", e -> e.getKey().dev() >>> 20)
                .column("MIN", "%-3d ", e -> e.getKey().dev() & 0xfffff)
                .column("DISK", "%-8s ", e -> disks.name(e.getKey().dev()))
                .column("I/O", "%5d ", e -> e.getValue().requests())
                .column("Kbytes", "%7d ", e -> e.getValue().bytes() / 1024)
                .column(
                        "AVGms",
                        "%6.2f",
                        e -> e.getValue().ns() / 1e6 / e.getValue().requests());
        try (BPF bpf = program("block.c", "biotop.c").define("ONLY_PID", pid).load()) {
            BpfHash<Who, Done> io = bpf.hash("io", Who.class, Done.class);
            out.text("Tracing... Output every %s secs. Hit Ctrl-C to end%n", intervals.asked());
            session.ready();
            while (intervals.next(session)) {
                Map<Who, Done> done = new HashMap<>();
                io.drain(done::put);
                top.begin(out);
                rows.header();
                done.entrySet().stream()
                        .sorted(Comparator.comparing(e -> -e.getValue().bytes()))
                        .limit(top.rows())
                        .forEach(rows::print);
            }
        }
    }
}

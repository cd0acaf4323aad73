package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.BlockFlags;
import io.github.bcc4j.tools.cli.Disks;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Each request of a block device: who, where, how much, how long. */
@Command(
        name = "biosnoop",
        description = "Trace block I/O: each request with its process, place, size and time.",
        footer = {
            "",
            "Examples:",
            "  biosnoop            # every request",
            "  biosnoop -Q         # with the time in the queue of the operating system",
            "  biosnoop -d vda     # of one disk"
        })
final class Biosnoop extends Tool {
    @Option(
            names = {"-Q", "--queue"},
            description = "Print the time in the queue, too.")
    private boolean queue;

    @Option(
            names = {"-d", "--disk"},
            paramLabel = "DISK",
            description = "Trace this disk only.")
    private String disk;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace requests that this process issued only.")
    private Long pid;

    record IoEvent(
            long ns,
            long latency,
            long queued,
            @Unsigned long sector,
            @Unsigned int dev,
            @Unsigned int pid,
            @Unsigned int bytes,
            String comm,
            String rwbs) {}

    private long first;

    @Override
    protected void trace(Session session, Output out) {
        Disks disks = new Disks();
        Rows<IoEvent> rows = new Rows<IoEvent>(out)
                .column("TIME(s)", "%-11.6f ", e -> (e.ns() - first) / 1e9)
                .column("COMM", "%-14.14s ", IoEvent::comm)
                .column("PID", "%-7d ", IoEvent::pid)
                .column("DISK", "%-9s ", e -> disks.name(e.dev()))
                .column("T", "%-1s ", e -> BlockFlags.letter(e.rwbs()))
                .column("SECTOR", "%-10d ", IoEvent::sector)
                .column("BYTES", "%-7d ", IoEvent::bytes)
                .column(queue, "QUE(ms)", "%7.2f ", e -> e.queued() / 1e6)
                .column("LAT(ms)", "%7.2f", e -> e.latency() / 1e6);
        try (BPF bpf = program("block.c", "biosnoop.c")
                        .define("ONLY_PID", pid)
                        .define("ONLY_DEV", disk == null ? null : (Integer) Disks.number(disk))
                        .load();
                PerfBuffer<IoEvent> events = bpf.perfBuffer("events", IoEvent.class, new PerfBufferOptions(64, 1))) {
            rows.header();
            session.ready();
            session.forEachInTimeOrder(events, IoEvent::ns, (cpu, e) -> {
                first = first == 0 ? e.ns() : first;
                rows.print(e);
            });
            warnIfLost(events.lost());
        }
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Hook;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Program;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads, writes, opens and syncs of one file system that take long. */
abstract class Slower extends Tool {
    /** Those of ext4. */
    @Command(
            name = "ext4slower",
            description = "Trace operations of ext4 that take long.",
            footer = {
                "",
                "Examples:",
                "  ext4slower          # of 10 ms and more",
                "  ext4slower 1        # of 1 ms and more",
                "  ext4slower 0        # all",
                "  ext4slower -p 185   # of one process"
            })
    static final class Ext4 extends Slower {
        Ext4() {
            super("ext4", Hook.EXT4_READ, Hook.EXT4_WRITE, Hook.EXT4_OPEN, Hook.EXT4_SYNC);
        }
    }

    /** Those of XFS. */
    @Command(
            name = "xfsslower",
            description = "Trace operations of XFS that take long.",
            footer = {"", "Examples:", "  xfsslower          # of 10 ms and more", "  xfsslower 0        # all"})
    static final class Xfs extends Slower {
        Xfs() {
            super("XFS", Hook.XFS_READ, Hook.XFS_WRITE, Hook.XFS_OPEN, Hook.XFS_SYNC);
        }
    }

    /** Those of btrfs. */
    @Command(
            name = "btrfsslower",
            description = "Trace operations of btrfs that take long.",
            footer = {"", "Examples:", "  btrfsslower          # of 10 ms and more", "  btrfsslower 0        # all"})
    static final class Btrfs extends Slower {
        Btrfs() {
            super("btrfs", Hook.BTRFS_READ, Hook.BTRFS_WRITE, Hook.BTRFS_OPEN, Hook.BTRFS_SYNC);
        }
    }

    /** Those of NFS. */
    @Command(
            name = "nfsslower",
            description = "Trace operations of NFS that take long.",
            footer = {"", "Examples:", "  nfsslower          # of 10 ms and more", "  nfsslower 0        # all"})
    static final class Nfs extends Slower {
        Nfs() {
            super("NFS", Hook.NFS_READ, Hook.NFS_WRITE, Hook.NFS_OPEN, Hook.NFS_SYNC);
        }
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "MS",
            defaultValue = "10",
            description = "Operations of so many milliseconds and more (default ${DEFAULT-VALUE}).")
    private double least;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    private static final List<String> FUNCTIONS = List.of("read", "write", "open", "sync");

    private final String fileSystem;
    private final List<Hook> hooks;

    Slower(String fileSystem, Hook... hooks) {
        this.fileSystem = fileSystem;
        this.hooks = List.of(hooks);
    }

    record SlowEvent(
            long ns,
            long lasted,
            @Unsigned long offset,
            long bytes,
            @Unsigned int pid,
            @Unsigned int kind,
            String comm,
            String name) {}

    @Override
    protected void trace(Session session, Output out) {
        if (!(least >= 0 && least < 1e9)) {
            throw new IllegalArgumentException("a time is 0 ms or more, not " + least);
        }
        Rows<SlowEvent> rows = new Rows<SlowEvent>(out)
                .column("TIME", "%-8s ", e -> Intervals.clock())
                .column("COMM", "%-14.14s ", SlowEvent::comm)
                .column("PID", "%-6d ", SlowEvent::pid)
                .column("T", "%1s ", e -> String.valueOf((char) e.kind()))
                .column("BYTES", "%-7d ", SlowEvent::bytes)
                .column("OFF_KB", "%-8d ", e -> e.offset() / 1024)
                .column("LAT(ms)", "%7.2f ", e -> e.lasted() / 1e6)
                .column("FILENAME", "%s", SlowEvent::name);
        Program program = program("slower.c").define("ONLY_PID", pid).define("MIN_NS", (long) (least * 1e6));
        for (int i = 0; i < hooks.size(); i++) {
            program.around(hooks.get(i), FUNCTIONS.get(i) + "_begins", FUNCTIONS.get(i) + "_ends");
        }
        try (BPF bpf = program.load();
                PerfBuffer<SlowEvent> events =
                        bpf.perfBuffer("events", SlowEvent.class, new PerfBufferOptions(64, 1))) {
            out.text(
                    "Tracing %s operations%s%n",
                    fileSystem,
                    least == 0
                            ? ""
                            : " slower than " + (least == Math.rint(least) ? String.valueOf((long) least) : least)
                                    + " ms");
            rows.header();
            session.ready();
            session.forEach(events, rows::print);
            warnIfLost(events.lost());
        }
    }
}

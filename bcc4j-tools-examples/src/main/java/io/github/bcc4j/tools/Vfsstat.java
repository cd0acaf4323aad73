package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.tools.cli.Format;
import io.github.bcc4j.tools.cli.Hook;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Program;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How often the virtual file system is called, by kind of call. */
@Command(
        name = "vfsstat",
        description = "Count calls of the virtual file system.",
        footer = {
            "",
            "Examples:",
            "  vfsstat           # each second",
            "  vfsstat 5 3       # every five seconds, three times"
        })
final class Vfsstat extends Tool {
    private enum Kind {
        READ(Hook.VFS_READ, "reads"),
        WRITE(Hook.VFS_WRITE, "writes"),
        FSYNC(Hook.VFS_FSYNC, "fsyncs"),
        OPEN(Hook.VFS_OPEN, "opens"),
        CREATE(Hook.VFS_CREATE, "creates"),
        UNLINK(Hook.VFS_UNLINK, "unlinks"),
        MKDIR(Hook.VFS_MKDIR, "mkdirs"),
        RMDIR(Hook.VFS_RMDIR, "rmdirs");

        private final Hook hook;
        private final String function;

        Kind(Hook hook, String function) {
            this.hook = hook;
            this.function = function;
        }
    }

    @Mixin
    private Intervals intervals;

    @Option(
            names = {"-p", "--pid"},
            description = "Count for this process only.")
    private Long pid;

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        intervals.orElse(1);
        Program program = program().define("ONLY_PID", pid).define("KINDS", Kind.values().length);
        for (Kind kind : Kind.values()) {
            program.via(kind.hook, kind.function);
        }
        boolean text = out.format() == Format.TEXT;
        Rows<long[]> rows = new Rows<long[]>(out).column(text, "TIME", "%-8s: ", n -> Intervals.clock());
        for (Kind kind : Kind.values()) { // people read rates, programs counts
            rows.column(text, kind.name() + "/s", "%8d ", n -> Math.round(n[kind.ordinal()] / intervals.seconds()))
                    .column(!text, kind.name(), "%d", n -> n[kind.ordinal()]);
        }
        try (BPF bpf = program.load()) {
            rows.header();
            session.ready();
            BpfArray<List<Long>> calls = bpf.perCpuArray("calls", Long.class);
            long[] before = new long[Kind.values().length];
            while (intervals.next(session)) {
                long[] now = calls.values().stream()
                        .mapToLong(
                                cpus -> cpus.stream().mapToLong(Long::longValue).sum())
                        .toArray();
                long[] more = now.clone();
                for (int i = 0; i < more.length; i++) {
                    more[i] -= before[i];
                }
                before = now;
                rows.print(more);
            }
        }
    }
}

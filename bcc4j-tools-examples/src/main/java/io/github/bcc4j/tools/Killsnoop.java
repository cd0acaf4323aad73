package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Signals that processes send, by kill(2). */
@Command(
        name = "killsnoop",
        description = "Trace signals sent by kill().",
        footer = {
            "",
            "Examples:",
            "  killsnoop           # every one",
            "  killsnoop -x        # those that failed",
            "  killsnoop -T 181    # to one process",
            "  killsnoop -s 9      # SIGKILL"
        })
final class Killsnoop extends Tool {
    @Option(
            names = {"-x", "--failed"},
            description = "Print failed calls only.")
    private boolean failed;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace calls of this process only.")
    private Long pid;

    @Option(
            names = {"-T", "--target"},
            paramLabel = "PID",
            description = "Trace signals to this process only.")
    private Long target;

    @Option(
            names = {"-s", "--signal"},
            description = "Trace this signal only, by its number.")
    private Integer signal;

    record Kill(long ns, @Unsigned int pid, int target, int signal, int result, String comm) {}

    @Override
    protected void trace(Session session, Output out) {
        Rows<Kill> rows = new Rows<Kill>(out)
                .column("TIME", "%-9s ", e -> Intervals.clock())
                .column("PID", "%-7d ", Kill::pid)
                .column("COMM", "%-16s ", Kill::comm)
                .column("SIG", "%-4d ", Kill::signal)
                .column("TPID", "%-7d ", Kill::target)
                .column("RESULT", "%d", Kill::result);
        try (BPF bpf = program()
                        .define("ONLY_PID", pid)
                        .define("ONLY_TARGET", target)
                        .define("ONLY_SIGNAL", signal)
                        .defineIf("ONLY_FAILED", failed)
                        .load();
                PerfBuffer<Kill> events = bpf.perfBuffer("events", Kill.class)) {
            rows.header();
            session.ready();
            session.forEach(events, rows::print);
            warnIfLost(events.lost());
        }
    }
}

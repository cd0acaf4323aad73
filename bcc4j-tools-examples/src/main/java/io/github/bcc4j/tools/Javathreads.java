package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.tools.cli.Hotspot;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Threads of a JVM that begin and end. */
@Command(
        name = "javathreads",
        description = "Trace threads of a JVM that begin and end.",
        footer = {"", "Example:", "  javathreads 181"})
final class Javathreads extends Tool {
    @Parameters(paramLabel = "PID", description = "The JVM's process.")
    private int pid;

    record ThreadEvent(
            long ns,
            long java,
            long native_id,
            @Unsigned int begins,
            @Unsigned int daemon,
            String name) {}

    @Override
    protected void trace(Session session, Output out) {
        Rows<ThreadEvent> rows = new Rows<ThreadEvent>(out)
                .column("TIME", "%-8s ", e -> Intervals.clock())
                .column("ID", "%-16s ", e -> "R=" + e.java() + "/N=" + e.native_id())
                .column("TYPE", "%-8s ", e -> e.begins() != 0 ? "start" : "stop")
                .column("DESCRIPTION", "%s", ThreadEvent::name);
        try (BPF bpf = program()
                        .load(new Hotspot(pid)
                                .probes("thread__start", "thread_begins", "thread__stop", "thread_ends"));
                PerfBuffer<ThreadEvent> events = bpf.perfBuffer("events", ThreadEvent.class)) {
            out.text("Tracing thread events in process %d [language: java]... Ctrl-C to quit.%n", pid);
            rows.header();
            session.ready();
            session.forEach(events, rows::print);
            warnIfLost(events.lost());
        }
    }
}

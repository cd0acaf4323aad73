package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.TracePipe;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import java.time.Duration;
import picocli.CommandLine.Command;

/** The first program: says hello for every new process. */
@Command(name = "hello", description = "Prints a line for every new process, by bpf_trace_printk.")
final class Hello extends Subcommand {
    private static final String TEXT = """
            TRACEPOINT_PROBE(sched, sched_process_fork) {
                bpf_trace_printk("Hello, World!\\n");
                return 0;
            }
            """;

    @Override
    protected void run(Session session) {
        try (BPF bpf = BPF.fromSource(TEXT);
                TracePipe pipe = bpf.trace()) {
            session.ready();
            boolean more = true;
            while (session.running() || more) {
                var line = pipe.poll(Duration.ofMillis(50));
                line.ifPresent(l -> print("%s%n", l.message()));
                more = line.isPresent();
            }
        }
    }
}

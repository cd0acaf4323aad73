package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.tools.cli.Histograms;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;

/** The sizes of block I/O requests as a histogram for each process name. */
@Command(
        name = "bitesize",
        description = "Histograms of block I/O sizes in KiB by process name.",
        footer = {"", "Examples:", "  bitesize                  # until Ctrl-C", "  bitesize --duration 10"})
final class Bitesize extends Tool {
    record Comm(String name) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        try (BPF bpf = program().load()) {
            out.text("Tracing block I/O... Hit Ctrl-C to end.%n");
            session.ready();
            session.await(Duration.ZERO);
            new Histograms(out)
                    .log2("kbytes", bpf.histogram("sizes", Comm.class), comm -> Map.of("process name", comm.name()));
        }
    }
}

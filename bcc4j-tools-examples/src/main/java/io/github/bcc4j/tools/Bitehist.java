package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.tools.cli.Histograms;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;

/** The sizes of block I/O requests as a histogram. */
@Command(
        name = "bitehist",
        description = "Histogram of block I/O sizes in KiB, printed at Ctrl-C.",
        footer = {"", "Examples:", "  bitehist", "  bitehist --duration 10 --json"})
final class Bitehist extends Tool {
    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        try (BPF bpf = program().load()) {
            out.text("Tracing block I/O... Hit Ctrl-C to end.%n");
            session.ready();
            session.await(Duration.ZERO);
            Histograms histograms = new Histograms(out);
            out.text("%nlog2 histogram%n~~~~~~~~~~~~~~%n");
            histograms.log2("kbytes", Map.of(), bpf.histogram("dist").slots());
            out.text("%nlinear histogram%n~~~~~~~~~~~~~~~~%n");
            histograms.linear("kbytes", Map.of(), bpf.histogram("dist_linear").slots());
        }
    }
}

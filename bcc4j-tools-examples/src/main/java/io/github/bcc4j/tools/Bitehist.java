package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import java.time.Duration;
import picocli.CommandLine.Command;

/** The sizes of block I/O requests as a histogram. */
@Command(name = "bitehist", description = "Histogram of block I/O sizes in KiB, printed at Ctrl-C.")
final class Bitehist extends Tool {
    @Override
    void run(Session session) throws InterruptedException {
        try (BPF bpf = BPF.fromSource("""
                BPF_HISTOGRAM(dist);
                BPF_HISTOGRAM(dist_linear);

                TRACEPOINT_PROBE(block, block_rq_complete) {
                    u32 kib = args->nr_sector / 2;      // a sector is 512 bytes
                    dist.increment(bpf_log2l(kib));
                    dist_linear.increment(kib);
                    return 0;
                }
                """)) {
            print("Tracing block I/O... Hit Ctrl-C to end.%n");
            session.ready();
            session.await(Duration.ZERO);
            print("%nlog2 histogram%n~~~~~~~~~~~~~~%n%s", bpf.histogram("dist").log2("kbytes"));
            print(
                    "%nlinear histogram%n~~~~~~~~~~~~~~~~%n%s",
                    bpf.histogram("dist_linear").linear("kbytes"));
        }
    }
}

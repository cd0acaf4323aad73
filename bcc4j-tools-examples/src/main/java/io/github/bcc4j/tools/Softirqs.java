package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.tools.cli.IrqOptions;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How long soft interrupts take, by kind. */
@Command(
        name = "softirqs",
        description = "Sum up the time that soft interrupts take.",
        footer = {
            "",
            "Examples:",
            "  softirqs           # until Ctrl-C",
            "  softirqs 1 10      # each second, ten times",
            "  softirqs -d        # as histograms",
            "  softirqs -C        # how many"
        })
final class Softirqs extends Tool {
    /** As linux/interrupt.h numbers them. */
    private static final List<String> NAMES =
            List.of("hi", "timer", "net_tx", "net_rx", "block", "irq_poll", "tasklet", "sched", "hrtimer", "rcu");

    @Mixin
    private IrqOptions options;

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        try (BPF bpf = options.define(program()).load()) {
            out.text("Tracing soft irq event time... Hit Ctrl-C to end.%n");
            options.report(
                    session,
                    "softirq",
                    16,
                    vector -> name(vector),
                    bpf.hash("sums", Integer.class, IrqOptions.Sum.class),
                    vector -> name(vector.intValue()),
                    bpf.histogram("times", Long.class));
        }
    }

    private static String name(int vector) {
        return vector < NAMES.size() ? NAMES.get(vector) : String.valueOf(vector);
    }
}

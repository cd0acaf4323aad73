package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.tools.cli.IrqOptions;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How long handlers of devices' interrupts take. */
@Command(
        name = "hardirqs",
        description = "Sum up the time that interrupt handlers take.",
        footer = {
            "",
            "Examples:",
            "  hardirqs           # until Ctrl-C",
            "  hardirqs 1 10      # each second, ten times",
            "  hardirqs -d        # as histograms",
            "  hardirqs -C        # how many"
        })
final class Hardirqs extends Tool {
    @Mixin
    private IrqOptions options;

    record Handler(String name) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        try (BPF bpf = options.define(program()).load()) {
            out.text("Tracing hard irq event time... Hit Ctrl-C to end.%n");
            options.report(
                    session,
                    "hardirq",
                    26,
                    Handler::name,
                    bpf.hash("sums", Handler.class, IrqOptions.Sum.class),
                    Handler::name,
                    bpf.histogram("times", Handler.class));
        }
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.symbol.StackResolver;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.tools.cli.Blocked;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Stacks;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How long threads do not run, by the stacks that they stopped in. */
@Command(
        name = "offcputime",
        description = "Sum up the time that threads are blocked, by stack.",
        footer = {
            "",
            "Examples:",
            "  offcputime 5                      # for five seconds",
            "  offcputime -p 181 5               # of one process",
            "  offcputime -m 1000 -f 5           # waits of 1 ms and more, a line for each stack",
            "  offcputime --flame blocked.html 5 # a flame graph"
        })
final class Offcputime extends Tool {
    @Mixin
    private Blocked blocked;

    @Mixin
    private Stacks stacks;

    record Where(@Unsigned int pid, @Unsigned int tid, long kernel, long user, String comm) {}

    record Asleep(long ns, Where where) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException, IOException {
        try (BPF bpf = blocked.define(stacks.define(program()), session).load()) {
            if (!stacks.isFolded()) {
                out.text("Tracing off-CPU time (us)%s%n", blocked.howLong());
            }
            session.ready();
            BpfHash<Where, Long> times = bpf.hash("times", Where.class, Long.class);
            BpfHash<Integer, Asleep> sleepers = bpf.hash("sleepers", Integer.class, Asleep.class);
            BpfStackTraces table = bpf.stackTraces("stacks");
            stacks.begin("Off-CPU time", "us");
            try (StackResolver resolver = new StackResolver()) {
                stacks.await(
                        session,
                        seen -> sleepers.forEach((tid, a) ->
                                seen.accept(a.where().user(), a.where().pid())),
                        table,
                        resolver);
                bpf.links().forEach(BpfLink::close);
                out.text(stacks.isFolded() ? "" : "%n");
                times.forEach((where, us) -> stacks.add(
                        where.comm(),
                        where.tid(),
                        stacks.frames(table, resolver, where.kernel(), 0),
                        stacks.frames(table, resolver, where.user(), where.pid()),
                        us));
            }
            long missing = stacks.write(out);
            if (missing > 0) {
                warn(missing + " stacks were lost as others had their place: a larger --stack-storage-size helps.");
            }
            warnIfLost(bpf.array("lost", Long.class).get(0));
        }
    }
}

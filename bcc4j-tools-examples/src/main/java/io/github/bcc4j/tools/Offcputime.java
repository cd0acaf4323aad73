package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.symbol.StackResolver;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Program;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Stacks;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
    private static final class Whose {
        @Option(
                names = {"-p", "--pid"},
                description = "Trace this process only.")
        private Long pid;

        @Option(
                names = {"-t", "--tid"},
                description = "Trace this thread only.")
        private Long tid;

        @Option(
                names = {"-u", "--user-threads-only"},
                description = "Trace threads of processes only.")
        private boolean user;

        @Option(
                names = {"-k", "--kernel-threads-only"},
                description = "Trace kernel threads only.")
        private boolean kernel;
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long; without it until Ctrl-C.")
    private double seconds;

    @ArgGroup
    private Whose whose = new Whose();

    @Mixin
    private Stacks stacks;

    @Option(
            names = {"-m", "--min-block-time"},
            paramLabel = "US",
            defaultValue = "1",
            description = "Count waits of this many microseconds and more (default ${DEFAULT-VALUE}).")
    private long least;

    @Option(
            names = {"-M", "--max-block-time"},
            paramLabel = "US",
            description = "Count waits of at most this many microseconds.")
    private long most = Long.MAX_VALUE;

    @Option(
            names = "--state",
            paramLabel = "BITS",
            description =
                    "Count threads that stopped in this state only, as of linux/sched.h: 0 ready, 1 interruptible, 2 not.")
    private Integer state;

    record Where(@Unsigned int pid, @Unsigned int tid, long kernel, long user, String comm) {}

    record Asleep(long ns, Where where) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException, IOException {
        if (least < 0 || most < least) {
            throw new IllegalArgumentException("waits are of 0 us or more, and the least is not above the most");
        }
        if (seconds > 0) {
            session.endAfter(seconds);
        }
        Program program = stacks.define(program())
                .define("ONLY_PID", whose.pid)
                .define("ONLY_TID", whose.tid)
                .defineIf("USER_THREADS", whose.user)
                .defineIf("KERNEL_THREADS", whose.kernel)
                .define("MIN_US", least)
                .define("MAX_US", most)
                .define("STATE", state)
                .defineIfMember("HAS___STATE", "task_struct", "__state");
        try (BPF bpf = program.load()) {
            if (!stacks.isFolded()) {
                out.text(
                        "Tracing off-CPU time (us)%s.%n",
                        seconds > 0 ? " for " + seconds + " secs" : "... Hit Ctrl-C to end");
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

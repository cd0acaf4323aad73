package io.github.bcc4j.tools.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of tools that sum up the time that threads do not run. */
public final class Blocked {
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

    /** For picocli. */
    public Blocked() {}

    /**
     * Tells a program what is asked for, and the run when it ends.
     *
     * @param program gets {@code ONLY_PID}, {@code ONLY_TID}, {@code USER_THREADS}, {@code KERNEL_THREADS}, {@code MIN_US},
     *     {@code MAX_US}, {@code STATE}, {@code HAS___STATE}
     * @param session the run
     * @return the program
     * @throws IllegalArgumentException if the user asked for what can't be
     */
    public Program define(Program program, Session session) {
        if (least < 0 || most < least) {
            throw new IllegalArgumentException("waits are of 0 us or more, and the least is not above the most");
        }
        if (seconds != 0) {
            session.endAfter(seconds);
        }
        return program.define("ONLY_PID", whose.pid)
                .define("ONLY_TID", whose.tid)
                .defineIf("USER_THREADS", whose.user)
                .defineIf("KERNEL_THREADS", whose.kernel)
                .define("MIN_US", least)
                .define("MAX_US", most)
                .define("STATE", state)
                .defineIfMember("HAS___STATE", "task_struct", "__state");
    }

    /**
     * How long it takes, for a title.
     *
     * @return words with a blank before them
     */
    public String howLong() {
        return seconds > 0 ? " for " + seconds + " secs." : "... Hit Ctrl-C to end.";
    }
}

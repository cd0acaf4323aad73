package io.github.bcc4j.tools;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What all tools share: help, output, and a {@link Session}. */
abstract class Tool implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Traces until the session ends; what it throws becomes a message and exit code 1. */
    abstract void run(Session session) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Session session = main.session();
        run(session);
        out().flush();
        int workload = session.finish();
        return exitCode() != 0 ? exitCode() : workload;
    }

    /** What the process ends with after a run that threw nothing. */
    int exitCode() {
        return 0;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final void print(String format, Object... args) {
        out().printf(format, args);
        out().flush();
    }

    final void warn(String message) {
        spec.commandLine().getErr().println(message);
    }

    final void warnIfLost(long lost) {
        if (lost > 0) {
            warn("Lost " + lost + " events: the machine was faster than this tool.");
        }
    }
}

package io.github.bcc4j.tools.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What all commands share: help, output, and a {@link Session}. What one throws becomes a message and exit code 1. */
public abstract class Subcommand implements Callable<Integer> {
    /** The command above, that starts runs. */
    public interface Host {
        /**
         * The run of this command.
         *
         * @return not yet begun
         */
        Session session();
    }

    @ParentCommand
    private Host host;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** For subclasses. */
    protected Subcommand() {}

    /**
     * Does it.
     *
     * @param session the run
     * @throws Exception if it can't be done: its message is for the user
     */
    protected abstract void run(Session session) throws Exception;

    /** Runs it; the exit code is its own if that is not 0, else that of what ran beside it. */
    @Override
    public Integer call() throws Exception {
        Session session = host.session();
        session.writeTo(new Output(out(), format(), session::stop));
        try {
            run(session);
        } finally {
            session.stop();
            out().flush();
        }
        int beside = session.finish();
        return exitCode() != 0 ? exitCode() : beside;
    }

    Format format() {
        return Format.TEXT;
    }

    /**
     * What the process ends with after a run that threw nothing.
     *
     * @return 0 for success
     */
    protected int exitCode() {
        return 0;
    }

    /**
     * The command's name.
     *
     * @return as the user types it
     */
    protected final String name() {
        return spec.name();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /**
     * Writes to the standard output, and shows it.
     *
     * @param format as {@link String#format} takes it
     * @param args its arguments
     */
    protected final void print(String format, Object... args) {
        out().printf(Locale.ROOT, format, args);
        out().flush();
    }

    /**
     * Writes a line to the standard error.
     *
     * @param message what the user should know
     */
    protected final void warn(String message) {
        out().flush();
        spec.commandLine().getErr().println(message);
    }

    /**
     * Says that events were lost, if any were.
     *
     * @param lost how many
     */
    protected final void warnIfLost(long lost) {
        if (lost > 0) {
            warn("Lost " + lost + " events: the machine was faster than this tool.");
        }
    }
}

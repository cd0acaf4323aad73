package io.github.bcc4j.tools.cli;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What all tools share: a C text of the tool's name beside its class, the format of their output, and an end. */
public abstract class Tool extends Subcommand {
    private static final class Formats {
        @Option(names = "--json", description = "Write JSON, an object a line.")
        private boolean json;

        @Option(names = "--csv", description = "Write comma-separated values.")
        private boolean csv;
    }

    @ArgGroup
    private Formats formats = new Formats();

    @Option(names = "--duration", paramLabel = "SECONDS", description = "End after this time.")
    private double duration;

    @Option(names = "--ebpf", description = "Show the C text instead of tracing.")
    private boolean showText;

    private static final class Shown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Shown() {
            super(null, null, false, false);
        }
    }

    /** For subclasses. */
    protected Tool() {}

    /** For tools that have a letter for the option {@code --duration}. */
    protected final void endAfter(double seconds) {
        duration = seconds;
    }

    @Override
    public final Integer call() throws Exception {
        try {
            return super.call();
        } catch (Shown shown) {
            return 0;
        }
    }

    @Override
    Format format() {
        return formats.json ? Format.JSON : formats.csv ? Format.CSV : Format.TEXT;
    }

    @Override
    protected final void run(Session session) throws Exception {
        session.endAfter(duration);
        trace(session, session.output());
    }

    /**
     * Traces until the session ends, and reports.
     *
     * @param session the run
     * @param out where to
     * @throws Exception if it can't be done
     */
    protected abstract void trace(Session session, Output out) throws Exception;

    /**
     * This tool's program: the C text of the tool's name.
     *
     * @return to be parameterised and loaded
     */
    protected final Program program() {
        return program(name() + ".c");
    }

    /**
     * A program.
     *
     * @param files the C text's files, beside the tool's class, one after the other
     * @return to be parameterised and loaded
     */
    protected final Program program(String... files) {
        String text =
                Stream.of(files).map(file -> Programs.read(getClass(), file)).collect(Collectors.joining("\n"));
        return generated(text);
    }

    /**
     * A program made for the occasion.
     *
     * @param text C
     * @return to be parameterised and loaded
     */
    protected final Program generated(String text) {
        return new Program(text, showText ? this::show : shown -> {});
    }

    private void show(String text) {
        print("%s", text);
        throw new Shown();
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.junit.VmCommand;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The launcher's Java half: picks the tool, and the machine it runs on. */
@Command(
        name = "bcc4j",
        description = "Trace Linux from Java.",
        subcommands = {
            Demo.class,
            DoctorCommand.class,
            RunCommand.class,
            CompileCommand.class,
            TargetCommand.class,
            CacheCommand.class,
            TrainCommand.class,
            Hello.class,
            Bitehist.class,
            Execsnoop.class,
            Opensnoop.class
        },
        footer = {
            "",
            "Also: bcc4j jshell (a jshell with the library in it).",
            "",
            "Examples:",
            "  bcc4j demo",
            "  bcc4j execsnoop -T",
            "  bcc4j --with 'ls /tmp' opensnoop",
            "  bcc4j --vm=6.1 execsnoop"
        })
public final class Main implements Runnable {
    /** Exit code of a tool that could not do its work. */
    static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = "--vm",
            arity = "0..1",
            fallbackValue = "6.1",
            paramLabel = "KERNEL",
            description =
                    "Run in a virtual machine with this Debian kernel: 6.1 (the default), 6.12, 7, a release, a bzImage.")
    private String vm;

    @Option(
            names = "--with",
            paramLabel = "CMD",
            description = "Run this shell command beside the tool, once it traces, and end with it.")
    private String with;

    @Option(names = "--yes", description = "Install what is missing without asking.")
    private boolean yes;

    private Session session;

    private Main() {}

    Session session() {
        return session;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /**
     * Runs a tool and ends the process with its exit code.
     *
     * @param args options, the tool's name, its arguments
     */
    public static void main(String[] args) {
        int code = execute(args, new PrintWriter(System.out, true), new PrintWriter(System.err, true));
        System.exit(code);
    }

    /** Runs a tool; 0 for success, 1 for failure, 2 for a mistake on the command line, else the code passed on. */
    static int execute(String[] args, PrintWriter out, PrintWriter err) {
        Main main = new Main();
        CommandLine line = new CommandLine(main).setOut(out).setErr(err);
        line.setStopAtPositional(false);
        line.getSubcommands().get("run").setStopAtPositional(true).setUnmatchedOptionsArePositionalParams(true);
        line.setExecutionStrategy(parsed -> main.run(parsed, args));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            err.println(command.getCommandName() + ": " + explain(e));
            return FAILED;
        });
        return line.execute(args);
    }

    private int run(ParseResult parsed, String[] args) {
        if (vm != null && parsed.hasSubcommand() && !isHelp(parsed)) {
            try {
                return VmCommand.run(vm, guestCommand(parsed, args));
            } catch (BpfException e) {
                spec.commandLine().getErr().println("bcc4j: " + e.getMessage());
                return FAILED;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return FAILED;
            }
        }
        session = new Session(with);
        Thread tool = Thread.currentThread();
        Thread onInterrupt = new Thread(() -> {
            session.stop();
            try {
                tool.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(0); // a tool ended by Ctrl-C has done its work
        });
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            return new CommandLine.RunLast().execute(parsed);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(onInterrupt);
            } catch (IllegalStateException shuttingDown) {
                // Ctrl-C: the hook is waiting for this very thread to end.
            }
        }
    }

    private static boolean isHelp(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last.isUsageHelpRequested();
    }

    /** This same command line without {@code --vm}, as a process in the guest, which sees the host's files. */
    private List<String> guestCommand(ParseResult parsed, String[] args) {
        List<String> command = Jvm.command();
        command.add(Main.class.getName());
        if (with != null) {
            command.addAll(List.of("--with", with));
        }
        String tool = parsed.subcommand().commandSpec().name();
        int at = Arrays.asList(args).lastIndexOf(with == null ? null : with) + 1;
        while (!args[at].equals(tool)) {
            at++;
        }
        command.addAll(new ArrayList<>(Arrays.asList(args)).subList(at, args.length));
        return command;
    }

    private static String explain(Exception e) {
        String message = Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
        return e instanceof BpfException || e instanceof IllegalArgumentException || e instanceof IllegalStateException
                ? message
                : e.getClass().getSimpleName() + ": " + message;
    }
}

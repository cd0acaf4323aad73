package io.github.bcc4j.tools;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.junit.VmCommand;
import io.github.bcc4j.tools.cli.Beside;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
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
        footer = {
            "",
            "Also: bcc4j jshell (a jshell with the library in it).",
            "",
            "Examples:",
            "  bcc4j demo",
            "  bcc4j execsnoop -T",
            "  bcc4j --with 'ls /tmp' opensnoop",
            "  bcc4j --vm=6.1 execsnoop",
            "  bcc4j biolatency --json 1 5"
        })
public final class Main implements Runnable, Subcommand.Host {
    /** Exit code of a tool that could not do its work. */
    static final int FAILED = 1;

    private static final int BUFFER = 1 << 16;
    private static final int PATIENCE_SECONDS = 10;

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

    private Optional<Beside> beside = Optional.empty();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private Session session;

    Main() {}

    @Override
    public Session session() {
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
        PrintWriter out = new PrintWriter(new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), System.out.charset()), BUFFER));
        System.exit(execute(out, new PrintWriter(System.err, true), Optional.empty(), args));
    }

    /**
     * Runs a tool in this process.
     *
     * @param out where it writes; where {@link PrintWriter#checkError} tells that nobody reads, it ends
     * @param err where it writes what is wrong
     * @param beside what runs beside it, and ends it, if not {@code --with}
     * @param args options, the tool's name, its arguments
     * @return 0 for success, 1 for failure, 2 for a mistake on the command line, else the code passed on
     */
    public static int execute(PrintWriter out, PrintWriter err, Optional<Beside> beside, String... args) {
        Main main = new Main();
        main.beside = beside;
        List<String> known = Stream.of(args)
                .filter(a -> Catalogue.command(a) != null)
                .distinct()
                .toList();
        CommandLine line = commandLine(main, known.isEmpty() ? Catalogue.names() : known)
                .setOut(out)
                .setErr(err);
        line.setExecutionStrategy(parsed -> main.run(parsed, args));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            out.flush();
            err.println(command.getCommandName() + ": " + explain(e));
            return FAILED;
        });
        int code = line.execute(args);
        out.flush();
        err.flush();
        main.ended.complete(code);
        return code;
    }

    /**
     * The names of all commands.
     *
     * @return by family
     */
    public static List<String> commands() {
        return Catalogue.names();
    }

    static CommandLine commandLine(Main main, List<String> commands) {
        CommandLine line = new CommandLine(main);
        commands.forEach(name -> line.addSubcommand(name, Catalogue.command(name)));
        line.setStopAtPositional(false);
        if (line.getSubcommands().containsKey("run")) {
            line.getSubcommands().get("run").setStopAtPositional(true).setUnmatchedOptionsArePositionalParams(true);
        }
        line.getHelpSectionMap().put(SECTION_KEY_COMMAND_LIST, Main::families);
        return line;
    }

    private static String families(CommandLine.Help help) {
        StringBuilder text = new StringBuilder();
        Catalogue.FAMILIES.forEach((family, names) -> {
            text.append('\n').append(family).append(":\n");
            names.stream().filter(help.subcommands()::containsKey).forEach(name -> {
                String[] about = help.subcommands()
                        .get(name)
                        .commandSpec()
                        .usageMessage()
                        .description();
                text.append(String.format("  %-14s %s%n", name, String.join(" ", about)));
            });
        });
        return text.toString();
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
        session = new Session(with == null ? beside : Optional.of(Beside.shell(with)));
        Thread onInterrupt = new Thread(this::endEarly);
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            return new CommandLine.RunLast().execute(parsed);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(onInterrupt);
            } catch (IllegalStateException shuttingDown) {
                // Ctrl-C: the hook is waiting for this very thread to report.
            }
        }
    }

    /** At Ctrl-C or SIGTERM: waits for the tool to report, and then ends the process as if it had ended by itself. */
    private void endEarly() {
        session.stop();
        try {
            Runtime.getRuntime().halt(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            System.err.println("bcc4j: the tool has not ended within " + PATIENCE_SECONDS + " s");
            Runtime.getRuntime().halt(FAILED);
        } catch (InterruptedException | ExecutionException e) {
            Runtime.getRuntime().halt(FAILED);
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

package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** New processes, by the exec system calls: who ran what, with its arguments. */
@Command(
        name = "execsnoop",
        description = "Trace exec() system calls.",
        footer = {
            "",
            "Examples:",
            "  execsnoop            # every new program",
            "  execsnoop -x         # failed exec()s as well",
            "  execsnoop -T -U      # with time and user id",
            "  execsnoop -u www     # of one user only",
            "  execsnoop -n main    # commands whose name matches a regular expression"
        })
final class Execsnoop extends Tool {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    @Option(
            names = {"-T", "--time"},
            description = "Print the time of day.")
    private boolean time;

    @Option(
            names = {"-t", "--timestamp"},
            description = "Print seconds since the start.")
    private boolean timestamp;

    @Option(
            names = {"-x", "--fails"},
            description = "Print failed calls as well.")
    private boolean fails;

    @Option(
            names = {"-u", "--uid"},
            paramLabel = "USER",
            converter = Users.class,
            description = "Trace this user only, a number or a name.")
    private Long uid;

    @Option(
            names = {"-q", "--quote"},
            description = "Put quotation marks around arguments.")
    private boolean quote;

    @Option(
            names = {"-n", "--name"},
            paramLabel = "REGEX",
            description = "Print commands whose name matches only.")
    private Pattern name;

    @Option(
            names = {"-l", "--line"},
            paramLabel = "REGEX",
            description = "Print commands whose arguments match only.")
    private Pattern line;

    @Option(
            names = {"-U", "--print-uid"},
            description = "Print the user id.")
    private boolean printUid;

    @Option(
            names = "--max-args",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many arguments are read and printed, 1 to 60 (default ${DEFAULT-VALUE}).")
    private int maxArgs;

    @Option(
            names = {"-P", "--ppid"},
            paramLabel = "PID",
            description = "Trace children of this process only.")
    private Long ppid;

    record ExecEvent(
            @Unsigned int pid,
            @Unsigned int ppid,
            @Unsigned int uid,
            int ret,
            long ns,
            @Unsigned int done,
            String comm,
            String arg) {}

    private final Map<Integer, List<String>> pending = new HashMap<>();
    private long start;

    @Override
    void run(Session session) {
        if (maxArgs < 1 || maxArgs > 60) {
            throw new IllegalArgumentException("--max-args must be 1 to 60, not " + maxArgs);
        }
        CompilerOptions options = CompilerOptions.DEFAULT.define("MAX_ARGS", maxArgs);
        if (uid != null) {
            options = options.define("ONLY_UID", uid);
        }
        if (ppid != null) {
            options = options.define("ONLY_PPID", ppid);
        }
        try (BPF bpf = BPF.fromSource(Programs.read("execsnoop.c"), options);
                PerfBuffer<ExecEvent> events =
                        bpf.perfBuffer("events", ExecEvent.class, new PerfBufferOptions(256, 1))) {
            print(
                    "%s%s%s%-16s %-7s %-7s %3s %s%n",
                    time ? String.format("%-9s", "TIME") : "",
                    timestamp ? String.format("%-8s", "TIME(s)") : "",
                    printUid ? String.format("%-6s", "UID") : "",
                    "PCOMM",
                    "PID",
                    "PPID",
                    "RET",
                    "ARGS");
            start = System.nanoTime();
            session.ready();
            session.forEachInTimeOrder(events, ExecEvent::ns, (cpu, e) -> on(e)); // exec may change the CPU
            warnIfLost(events.lost());
        }
    }

    private void on(ExecEvent e) {
        if (e.done() == 0) {
            pending.computeIfAbsent(e.pid(), pid -> new ArrayList<>()).add(e.arg());
            return;
        }
        List<String> args = pending.remove(e.pid());
        if (args == null
                || e.ret() != 0 && !fails
                || name != null && !name.matcher(e.comm()).find()) {
            return;
        }
        String text = args.stream().map(this::show).collect(Collectors.joining(" "));
        if (line != null && !line.matcher(text).find()) {
            return;
        }
        print(
                "%s%s%s%-16s %-7d %-7s %3d %s%n",
                time ? String.format("%-9s", LocalTime.now().format(CLOCK)) : "",
                timestamp ? String.format(Locale.ROOT, "%-8.3f", (e.ns() - start) / 1e9) : "",
                printUid ? String.format("%-6s", Integer.toUnsignedString(e.uid())) : "",
                e.comm(),
                e.pid(),
                parent(e),
                e.ret(),
                text);
    }

    private String show(String arg) {
        String oneLine = arg.replace("\n", "\\n");
        return quote ? '"' + oneLine.replace("\"", "\\\"") + '"' : oneLine;
    }

    /** A process made before the tool started is asked for in /proc. */
    private static String parent(ExecEvent e) {
        if (e.ppid() != 0) {
            return Integer.toUnsignedString(e.ppid());
        }
        try {
            return Files.readAllLines(Path.of("/proc", Integer.toUnsignedString(e.pid()), "status")).stream()
                    .filter(l -> l.startsWith("PPid:"))
                    .map(l -> l.substring(5).strip())
                    .findFirst()
                    .orElse("0");
        } catch (IOException gone) {
            return "0";
        }
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Containers;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.cli.Users;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    private static final int MOST_PENDING = 10_000;

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

    @Mixin
    private Containers containers;

    record ExecEvent(
            @Unsigned int pid,
            @Unsigned int ppid,
            @Unsigned int uid,
            int ret,
            long ns,
            @Unsigned int done,
            String comm,
            String arg) {}

    private record Exec(ExecEvent result, String line) {}

    /** Arguments of calls that have not returned; what never returns, as its end was lost, makes room in the end. */
    private final Map<Integer, List<String>> pending = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, List<String>> eldest) {
            return size() > MOST_PENDING;
        }
    };

    private Rows<Exec> rows;
    private long start;

    @Override
    protected void trace(Session session, Output out) {
        if (maxArgs < 1 || maxArgs > 60) {
            throw new IllegalArgumentException("--max-args must be 1 to 60, not " + maxArgs);
        }
        rows = new Rows<Exec>(out)
                .column(time, "TIME", "%-9s", e -> Intervals.clock())
                .column(timestamp, "TIME(s)", "%-8.3f", e -> (e.result.ns() - start) / 1e9)
                .column(printUid, "UID", "%-6d", e -> Integer.toUnsignedLong(e.result.uid()))
                .column("PCOMM", "%-16s ", e -> e.result.comm())
                .column("PID", "%-7d ", e -> e.result.pid())
                .column("PPID", "%-7d ", e -> parent(e.result))
                .column("RET", "%3d ", e -> e.result.ret())
                .column("ARGS", "%s", Exec::line);
        try (BPF bpf = program()
                        .define("MAX_ARGS", maxArgs)
                        .define("ONLY_UID", uid)
                        .define("ONLY_PPID", ppid)
                        .in(containers)
                        .load();
                PerfBuffer<ExecEvent> events =
                        bpf.perfBuffer("events", ExecEvent.class, new PerfBufferOptions(256, 1))) {
            rows.header();
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
        if (line == null || line.matcher(text).find()) {
            rows.print(new Exec(e, text));
        }
    }

    private String show(String arg) {
        return quote ? '"' + arg.replace("\"", "\\\"") + '"' : arg;
    }

    /** A process made before the tool started is asked for in /proc. */
    private static long parent(ExecEvent e) {
        if (e.ppid() != 0) {
            return Integer.toUnsignedLong(e.ppid());
        }
        try {
            return Files.readAllLines(Path.of("/proc", Integer.toUnsignedString(e.pid()), "status")).stream()
                    .filter(l -> l.startsWith("PPid:"))
                    .map(l -> Long.parseLong(l.substring(5).strip()))
                    .findFirst()
                    .orElse(0L);
        } catch (IOException gone) {
            return 0;
        }
    }
}

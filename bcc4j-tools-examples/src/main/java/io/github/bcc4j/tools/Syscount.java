package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.kernel.Syscalls;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.tools.cli.Comms;
import io.github.bcc4j.tools.cli.Errors;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How often which system calls are made, and how long they take. */
@Command(
        name = "syscount",
        description = "Count system calls, by call or by process.",
        footer = {
            "",
            "Examples:",
            "  syscount               # until Ctrl-C, the ten most frequent",
            "  syscount -i 1          # each second",
            "  syscount -L -p 181     # with the time they took, of one process",
            "  syscount -P -x         # failed ones, by process",
            "  syscount -e ENOENT     # those that failed so"
        })
final class Syscount extends Tool {
    @Option(
            names = {"-p", "--pid"},
            description = "Count for this process only.")
    private Long pid;

    @Option(
            names = {"-t", "--tid"},
            description = "Count for this thread only.")
    private Long tid;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Seconds between reports; without it there is one, at the end.")
    private double interval;

    @Option(
            names = {"-T", "--top"},
            paramLabel = "N",
            defaultValue = "10",
            description = "Rows at most (default ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = {"-x", "--failures"},
            description = "Count failed calls only.")
    private boolean failures;

    @Option(
            names = {"-e", "--errno"},
            paramLabel = "ERROR",
            description = "Count calls that failed so only: ENOENT, or its number.")
    private String error;

    @Option(
            names = {"-L", "--latency"},
            description = "Sum up the time they took.")
    private boolean latency;

    @Option(
            names = {"-m", "--milliseconds"},
            description = "Show milliseconds, not microseconds.")
    private boolean milliseconds;

    @Option(
            names = {"-P", "--process"},
            description = "Count by process.")
    private boolean byProcess;

    @Option(
            names = {"-l", "--list"},
            description = "List the system calls, and end.")
    private boolean list;

    @Option(names = "--syscall", paramLabel = "NAME", description = "Count this one only.")
    private String syscall;

    @Option(names = "-d", paramLabel = "SECONDS", description = "As --duration.")
    private void d(double seconds) {
        endAfter(seconds);
    }

    record Sum(long calls, long ns) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        if (list) {
            Rows<Map.Entry<Integer, String>> rows =
                    new Rows<Map.Entry<Integer, String>>(out).column("SYSCALL", "%s", Map.Entry::getValue);
            Syscalls.all().entrySet().forEach(rows::print);
            return;
        }
        if (top < 1) {
            throw new IllegalArgumentException("--top is 1 or more, not " + top);
        }
        Comms comms = new Comms();
        Rows<Map.Entry<Integer, Sum>> rows = new Rows<Map.Entry<Integer, Sum>>(out)
                .column(byProcess, "PID", "%-6d ", Map.Entry::getKey)
                .column(byProcess, "COMM", "%-15s ", e -> comms.name(e.getKey()))
                .column(
                        !byProcess,
                        "SYSCALL",
                        "%-22s ",
                        e -> Syscalls.name(e.getKey()).orElse("[unknown: " + e.getKey() + "]"))
                .column("COUNT", "%8d ", e -> e.getValue().calls())
                .column(
                        latency && !milliseconds,
                        "TIME (us)",
                        "%16.3f",
                        e -> e.getValue().ns() / 1e3)
                .column(
                        latency && milliseconds,
                        "TIME (ms)",
                        "%16.3f",
                        e -> e.getValue().ns() / 1e6);
        try (BPF bpf = program()
                .define("ONLY_PID", pid)
                .define("ONLY_TID", tid)
                .defineIf("ONLY_FAILED", failures)
                .define("ONLY_ERROR", error == null ? null : (Integer) Errors.number(error))
                .define("ONLY_CALL", syscall == null ? null : (Integer) number(syscall))
                .defineIf("BY_PROCESS", byProcess)
                .defineIf("TIMES", latency)
                .load()) {
            BpfHash<Integer, Sum> sums = bpf.hash("sums", Integer.class, Sum.class);
            out.text(
                    "Tracing %s, printing top %d... Ctrl+C to quit.%n",
                    syscall == null ? "syscalls" : "syscall '" + syscall + "'", top);
            session.ready();
            Intervals intervals = Intervals.of(interval);
            Comparator<Map.Entry<Integer, Sum>> most = Comparator.comparing(
                    e -> latency ? e.getValue().ns() : e.getValue().calls());
            while (intervals.next(session)) {
                Map<Integer, Sum> now = new HashMap<>();
                sums.drain(now::put);
                out.text("[%s]%n", Intervals.clock());
                rows.header();
                now.entrySet().stream().sorted(most.reversed()).limit(top).forEach(rows::print);
                out.text("%n");
            }
        }
    }

    private static int number(String syscall) {
        return Syscalls.number(syscall)
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no system call " + syscall + "; -l lists them"));
    }
}

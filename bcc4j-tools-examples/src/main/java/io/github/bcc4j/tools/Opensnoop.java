package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Containers;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.cli.Users;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Files being opened, by the open system calls: who, which, and what came of it. */
@Command(
        name = "opensnoop",
        description = "Trace open() system calls.",
        footer = {
            "",
            "Examples:",
            "  opensnoop              # every open",
            "  opensnoop -x           # failed ones only",
            "  opensnoop -p 181       # of one process",
            "  opensnoop -d 10        # for ten seconds",
            "  opensnoop -f O_WRONLY -f O_RDWR   # for writing"
        })
final class Opensnoop extends Tool {
    private static final int AT_FAILURE = -1;

    /** open(2)'s flags, as x86-64 and aarch64 number them alike. */
    private static final Map<String, Integer> FLAGS = Map.of(
            "O_WRONLY",
            1,
            "O_RDWR",
            2,
            "O_CREAT",
            0100,
            "O_EXCL",
            0200,
            "O_NOCTTY",
            0400,
            "O_TRUNC",
            01000,
            "O_APPEND",
            02000,
            "O_NONBLOCK",
            04000,
            "O_CLOEXEC",
            02000000);

    @Option(
            names = {"-T", "--timestamp"},
            description = "Print seconds since the first event.")
    private boolean timestamp;

    @Option(
            names = {"-U", "--print-uid"},
            description = "Print the user id.")
    private boolean printUid;

    @Option(
            names = {"-x", "--failed"},
            description = "Print failed calls only.")
    private boolean failed;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    @Option(
            names = {"-t", "--tid"},
            description = "Trace this thread only.")
    private Long tid;

    @Option(
            names = {"-u", "--uid"},
            paramLabel = "USER",
            converter = Users.class,
            description = "Trace this user only, a number or a name.")
    private Long uid;

    @Option(names = "-d", paramLabel = "SECONDS", description = "As --duration.")
    private void d(double seconds) {
        endAfter(seconds);
    }

    @Option(
            names = {"-n", "--name"},
            description = "Print processes whose name contains this only.")
    private String name;

    @Option(
            names = {"-e", "--extended_fields"},
            description = "Print the flags.")
    private boolean extended;

    @Option(
            names = {"-f", "--flag_filter"},
            paramLabel = "FLAG",
            description = "Trace calls with this flag only (O_WRONLY, ...); may be given more than once.")
    private List<String> flagFilter = List.of();

    @Option(
            names = {"-F", "--full-path"},
            description = "Print a relative path in full, as long as its process lives.")
    private boolean fullPath;

    @Option(
            names = {"-b", "--buffer-pages"},
            paramLabel = "N",
            defaultValue = "256",
            description = "Pages of the buffer of each CPU, a power of two (default ${DEFAULT-VALUE}).")
    private int bufferPages;

    @Mixin
    private Containers containers;

    record OpenEvent(
            long ns,
            @Unsigned int pid,
            @Unsigned int tid,
            @Unsigned int uid,
            int ret,
            int flags,
            String comm,
            String path) {}

    private Rows<OpenEvent> rows;
    private long first;

    @Override
    protected void trace(Session session, Output out) {
        rows = new Rows<OpenEvent>(out)
                .column(timestamp, "TIME(s)", "%-14.9f", e -> (e.ns() - first) / 1e9)
                .column(printUid, "UID", "%-6d", e -> Integer.toUnsignedLong(e.uid()))
                .column(tid == null, "PID", "%-6d ", OpenEvent::pid)
                .column(tid != null, "TID", "%-6d ", OpenEvent::tid)
                .column("COMM", "%-16s ", OpenEvent::comm)
                .column("FD", "%4d ", e -> Math.max(e.ret(), AT_FAILURE))
                .column("ERR", "%3d ", e -> Math.max(0, -e.ret()))
                .column(extended, "FLAGS", "%-9s", e -> String.format("%08o", e.flags()))
                .column("PATH", "%s", e -> fullPath ? resolve(e) : e.path());
        try (BPF bpf = program()
                        .defineIf("HAS_OPEN", Probes.tracepointExists("syscalls", "sys_enter_open"))
                        .defineIf("HAS_OPENAT2", Probes.tracepointExists("syscalls", "sys_enter_openat2"))
                        .define("ONLY_PID", pid)
                        .define("ONLY_TID", tid)
                        .define("ONLY_UID", uid)
                        .define("ANY_FLAG", anyFlag())
                        .defineIf("ONLY_FAILED", failed)
                        .in(containers)
                        .load();
                PerfBuffer<OpenEvent> events =
                        bpf.perfBuffer("events", OpenEvent.class, new PerfBufferOptions(bufferPages, 1))) {
            rows.header();
            session.ready();
            session.forEach(events, this::on);
            warnIfLost(events.lost());
        }
    }

    private Integer anyFlag() {
        int any = 0;
        for (String flag : flagFilter) {
            Integer bit = FLAGS.get(flag);
            if (bit == null) {
                throw new IllegalArgumentException("unknown flag " + flag + "; known are "
                        + String.join(", ", FLAGS.keySet().stream().sorted().toList()));
            }
            any |= bit;
        }
        return any == 0 ? null : any;
    }

    private void on(OpenEvent e) {
        if (first == 0) {
            first = e.ns();
        }
        if (name == null || e.comm().contains(name)) {
            rows.print(e);
        }
    }

    private static String resolve(OpenEvent e) {
        if (e.path().startsWith("/")) {
            return e.path();
        }
        try {
            String process = Integer.toUnsignedString(e.pid());
            Path opened = e.ret() >= 0 ? Path.of("/proc", process, "fd", String.valueOf(e.ret())) : null;
            if (opened != null && Files.isSymbolicLink(opened)) {
                return Files.readSymbolicLink(opened).toString();
            }
            return Files.readSymbolicLink(Path.of("/proc", process, "cwd"))
                    .resolve(e.path())
                    .normalize()
                    .toString();
        } catch (IOException gone) {
            return e.path();
        }
    }
}

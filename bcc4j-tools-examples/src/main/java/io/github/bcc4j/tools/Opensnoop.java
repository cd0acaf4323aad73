package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
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

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Stop after this time.")
    private int duration;

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
            defaultValue = "64",
            description = "Pages of the buffer of each CPU, a power of two (default ${DEFAULT-VALUE}).")
    private int bufferPages;

    record OpenEvent(
            long ns,
            @Unsigned int pid,
            @Unsigned int tid,
            @Unsigned int uid,
            int ret,
            int flags,
            String comm,
            String path) {}

    private long first;

    @Override
    void run(Session session) {
        PerfBufferOptions pages = new PerfBufferOptions(bufferPages, 1);
        try (BPF bpf = BPF.fromSource(Programs.read("opensnoop.c"), options());
                PerfBuffer<OpenEvent> events = bpf.perfBuffer("events", OpenEvent.class, pages)) {
            print(
                    "%s%s%-6s %-16s %4s %3s %s%s%n",
                    timestamp ? String.format("%-14s", "TIME(s)") : "",
                    printUid ? String.format("%-6s", "UID") : "",
                    tid == null ? "PID" : "TID",
                    "COMM",
                    "FD",
                    "ERR",
                    extended ? String.format("%-9s", "FLAGS") : "",
                    "PATH");
            session.endAfter(Duration.ofSeconds(duration));
            session.ready();
            session.forEach(events, (cpu, e) -> on(e));
            warnIfLost(events.lost());
        }
    }

    private CompilerOptions options() {
        CompilerOptions options = CompilerOptions.DEFAULT;
        if (Probes.tracepointExists("syscalls", "sys_enter_open")) {
            options = options.define("HAS_OPEN", 1);
        }
        if (Probes.tracepointExists("syscalls", "sys_enter_openat2")) {
            options = options.define("HAS_OPENAT2", 1);
        }
        if (pid != null) {
            options = options.define("ONLY_PID", pid);
        }
        if (tid != null) {
            options = options.define("ONLY_TID", tid);
        }
        if (uid != null) {
            options = options.define("ONLY_UID", uid);
        }
        int anyFlag = 0;
        for (String flag : flagFilter) {
            Integer bit = FLAGS.get(flag);
            if (bit == null) {
                throw new IllegalArgumentException("unknown flag " + flag + "; known are "
                        + String.join(", ", FLAGS.keySet().stream().sorted().toList()));
            }
            anyFlag |= bit;
        }
        return anyFlag == 0 ? options : options.define("ANY_FLAG", anyFlag);
    }

    private void on(OpenEvent e) {
        if (first == 0) {
            first = e.ns();
        }
        if (failed && e.ret() >= 0 || name != null && !e.comm().contains(name)) {
            return;
        }
        print(
                "%s%s%-6d %-16s %4d %3d %s%s%n",
                timestamp ? String.format(Locale.ROOT, "%-14.9f", (e.ns() - first) / 1e9) : "",
                printUid ? String.format("%-6s", Integer.toUnsignedString(e.uid())) : "",
                tid == null ? e.pid() : e.tid(),
                e.comm(),
                e.ret() >= 0 ? e.ret() : AT_FAILURE,
                e.ret() >= 0 ? 0 : -e.ret(),
                extended ? String.format("%08o ", e.flags()) : "",
                fullPath ? resolve(e) : e.path());
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

package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Containers;
import io.github.bcc4j.tools.cli.Hook;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks of capabilities: who needed which. */
@Command(
        name = "capable",
        description = "Trace checks of capabilities.",
        footer = {
            "",
            "Examples:",
            "  capable            # checks that an audit would see",
            "  capable -v         # all",
            "  capable -p 181     # of one process",
            "  capable --unique   # each process's each capability once"
        })
final class Capable extends Tool {
    private static final int MOST_SEEN = 100_000;

    /** As linux/capability.h numbers them. */
    private static final List<String> NAMES = List.of(
            ("CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP "
                            + "CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK CAP_IPC_OWNER "
                            + "CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE "
                            + "CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL CAP_SETFCAP "
                            + "CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON CAP_BPF "
                            + "CAP_CHECKPOINT_RESTORE")
                    .split(" "));

    @Option(
            names = {"-v", "--verbose"},
            description = "Print checks that no audit would see, too.")
    private boolean verbose;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    @Option(
            names = {"-x", "--extra"},
            description = "Print the thread, and whether the check was for set-id programs.")
    private boolean extra;

    @Option(names = "--unique", description = "Print each capability of a process once.")
    private boolean unique;

    @Mixin
    private Containers containers;

    record Check(
            long ns,
            @Unsigned int pid,
            @Unsigned int tid,
            @Unsigned int uid,
            int cap,
            int audit,
            int insetid,
            String comm) {}

    private record Seen(int pid, int cap) {}

    @Override
    protected void trace(Session session, Output out) {
        Rows<Check> rows = new Rows<Check>(out)
                .column("TIME", "%-9s ", e -> Intervals.clock())
                .column("UID", "%-6d ", e -> Integer.toUnsignedLong(e.uid()))
                .column("PID", "%-6d ", Check::pid)
                .column(extra, "TID", "%-6d ", Check::tid)
                .column("COMM", "%-16s ", Check::comm)
                .column("CAP", "%-4d ", Check::cap)
                .column("NAME", "%-20s ", e -> e.cap() >= 0 && e.cap() < NAMES.size() ? NAMES.get(e.cap()) : "?")
                .column("AUDIT", "%-6s ", e -> e.audit() < 0 ? null : (Integer) e.audit())
                .column(extra, "INSETID", "%s", e -> e.insetid() < 0 ? null : (Integer) e.insetid());
        Set<Seen> seen = new HashSet<>();
        try (BPF bpf = program()
                        .define("ONLY_PID", pid)
                        .define("SELF", ProcessHandle.current().pid())
                        .defineIf("ALL", verbose)
                        .via(Hook.CAPABILITY, "checked")
                        .in(containers)
                        .load();
                PerfBuffer<Check> events = bpf.perfBuffer("events", Check.class, new PerfBufferOptions(64, 1))) {
            rows.header();
            session.ready();
            session.forEach(events, e -> {
                if (seen.size() >= MOST_SEEN) {
                    seen.clear();
                }
                if (!unique || seen.add(new Seen(e.pid(), e.cap()))) {
                    rows.print(e);
                }
            });
            warnIfLost(events.lost());
        }
    }
}

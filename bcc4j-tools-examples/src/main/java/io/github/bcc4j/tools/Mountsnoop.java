package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.tools.cli.Containers;
import io.github.bcc4j.tools.cli.Format;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** File systems that are mounted and unmounted, by mount(2) and umount(2). */
@Command(
        name = "mountsnoop",
        description = "Trace mount() and umount() system calls.",
        footer = {"", "Examples:", "  mountsnoop", "  mountsnoop --json"})
final class Mountsnoop extends Tool {
    @Option(
            names = {"-P", "--parent_process"},
            description = "Print the parent process, too.")
    private boolean parent;

    @Mixin
    private Containers containers;

    record MountEvent(
            long ns,
            @Unsigned long flags,
            @Unsigned int pid,
            @Unsigned int tid,
            @Unsigned int unmount,
            int ret,
            @Unsigned int mounts,
            String comm,
            String fs,
            String source,
            String target,
            String data) {
        private String call() {
            return (unmount != 0
                            ? "umount(\"" + target + "\", 0x" + Long.toHexString(flags) + ")"
                            : "mount(\"" + source + "\", \"" + target + "\", \"" + fs + "\", 0x"
                                    + Long.toHexString(flags) + ", \"" + data + "\")")
                    + " = " + ret;
        }
    }

    @Override
    protected void trace(Session session, Output out) {
        boolean text = out.format() == Format.TEXT;
        Rows<MountEvent> rows = new Rows<MountEvent>(out)
                .column("COMM", "%-16s ", MountEvent::comm)
                .column("PID", "%-7d ", MountEvent::pid)
                .column("TID", "%-7d ", MountEvent::tid)
                .column(parent, "PPID", "%-7s ", e -> parent(e.pid()))
                .column("MNT_NS", "%-11d ", e -> Integer.toUnsignedLong(e.mounts()))
                .column(text, "CALL", "%s", MountEvent::call)
                .column(!text, "CALL", "%s", e -> e.unmount() != 0 ? "umount" : "mount")
                .column(!text, "SOURCE", "%s", MountEvent::source)
                .column(!text, "TARGET", "%s", MountEvent::target)
                .column(!text, "FS", "%s", MountEvent::fs)
                .column(!text, "FLAGS", "%d", MountEvent::flags)
                .column(!text, "DATA", "%s", MountEvent::data)
                .column(!text, "RET", "%d", MountEvent::ret);
        try (BPF bpf = program().in(containers).load();
                PerfBuffer<MountEvent> events =
                        bpf.perfBuffer("events", MountEvent.class, new PerfBufferOptions(64, 1))) {
            rows.header();
            session.ready();
            session.forEach(events, rows::print);
            warnIfLost(events.lost());
        }
    }

    /** Of a process that has ended meanwhile it is not known. */
    private static String parent(int pid) {
        return ProcessHandle.of(pid)
                .flatMap(ProcessHandle::parent)
                .map(p -> String.valueOf(p.pid()))
                .orElse(null);
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.junit.VmCommand;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.kernel.KernelVersion;
import io.github.bcc4j.tools.cli.Programs;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The library's main job in one go: C text, a kprobe, typed events, a hash, a histogram, over a workload of its own. */
@Command(
        name = "demo",
        description = "Trace clone() calls of a small workload, here if this kernel can, else in a virtual machine.")
final class Demo extends Subcommand {
    private static final int FORKS = 12;

    @Option(names = "--here", hidden = true, description = "Do not look for a better kernel.")
    private boolean here;

    record Event(@Unsigned int pid, @Unsigned int child, long ns, String comm) {}

    private int exitCode;

    @Override
    protected void run(Session session) throws Exception {
        Features.Result kprobes = Features.kprobe();
        if (!here && !kprobes.isSupported()) {
            print(
                    "Kernel %s: %s. Running in a virtual machine instead.%n",
                    KernelVersion.current().release(), kprobes.reason());
            List<String> command = Jvm.command();
            command.addAll(List.of(Main.class.getName(), "demo", "--here"));
            exitCode = VmCommand.run("6.1", command);
            return;
        }
        print("Running on kernel %s: %s.%n", KernelVersion.current().release(), kprobes.reason());
        trace();
    }

    @Override
    protected int exitCode() {
        return exitCode;
    }

    private void trace() throws IOException, InterruptedException {
        String clone = BPF.syscallName("clone");
        try (BPF bpf = BPF.fromSource(Programs.read(Demo.class, "demo.c"));
                PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class)) {
            bpf.attachKprobe(clone, "clone_entered");
            bpf.attachKretprobe(clone, "clone_returned");
            print("Attached to %s; now a shell forks %d times.%n%n", clone, FORKS);
            long shell = fork();

            print("%-16s %7s %7s %10s%n", "COMM", "PID", "CHILD", "TIME(us)");
            events.poll(Duration.ofSeconds(5), (cpu, e) -> {
                if (e.pid() == shell) {
                    print("%-16s %7d %7d %10.1f%n", e.comm(), e.pid(), e.child(), e.ns() / 1e3);
                }
            });
            Map<Integer, Long> clones = bpf.hash("clones", Integer.class, Long.class);
            print("%nclone() calls by process: %s%n", clones);
            print(
                    "The shell was process %d and forked %d times; the kernel counted %d.%n%n",
                    shell, FORKS, clones.get((int) shell));
            print("%s", bpf.histogram("usecs").log2("usecs"));
            warnIfLost(events.lost());
        }
    }

    /** A shell that forks a known number of times: one subshell for each. */
    private static long fork() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "(:);".repeat(FORKS) + ":")
                .inheritIO()
                .start();
        shell.waitFor();
        return shell.pid();
    }
}

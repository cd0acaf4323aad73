package io.github.bcc4j;

import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.PerfEvent;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.kernel.Privileges;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Attaches programs to counters: one event on each CPU, or one that follows a process. */
final class PerfEventAttacher {
    private PerfEventAttacher() {}

    private static final Path UNITS = Path.of("/sys/bus/event_source/devices");
    private static final int INHERIT = 1 << 1;
    private static final int EXCLUDE_SHIFT = 4; // exclude_user, then exclude_kernel
    private static final int FREQUENCY = 1 << 10;

    static BpfLink attach(BpfProgram program, PerfEventSpec spec, Consumer<BpfLink> onClose) {
        List<Fd> events = new ArrayList<>();
        try {
            for (int cpu : cpus(spec)) {
                int opened = open(spec, cpu);
                if (opened == -Errno.ENODEV
                        && spec.cpu().isEmpty()
                        && !Cpus.online().get(cpu)) {
                    continue; // switched off since the list was made
                }
                Fd event = Fd.own(Attacher.check(opened, program, spec), "perf event of " + spec);
                events.add(event);
                Attacher.check(program.fd().call(p -> PerfEvent.setProgram(event.number(), p)), program, spec);
            }
            for (Fd event : events) {
                Attacher.check(PerfEvent.enable(event.number()), program, spec);
            }
        } catch (RuntimeException e) {
            Closing.descriptors(events);
            throw e;
        }
        List<Fd> others = List.copyOf(events.subList(1, events.size()));
        return new BpfLink(spec, program.name(), events.getFirst(), () -> Closing.descriptors(others), onClose);
    }

    private static int[] cpus(PerfEventSpec spec) {
        if (spec.cpu().isPresent()) {
            return new int[] {spec.cpu().getAsInt()};
        }
        return spec.pid().isPresent() ? new int[] {-1} : Cpus.online().stream().toArray();
    }

    private static int open(PerfEventSpec spec, int cpu) {
        long flags = 1 // disabled, until every one is there
                | (spec.inherit() ? INHERIT : 0)
                | (long) spec.exclude() << EXCLUDE_SHIFT
                | (spec.frequency() ? FREQUENCY : 0);
        return PerfEvent.open(
                new PerfEvent.Attr(spec.type(), spec.config(), spec.period(), 0, flags, 0, spec.config1(), 0),
                spec.pid().orElse(-1),
                cpu);
    }

    static String why(PerfEventSpec spec, int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.EOPNOTSUPP, Errno.ENODEV ->
                spec.isHardware() ? noHardware() : offline(spec).orElse("this kernel has no such event");
            case Errno.ESRCH -> "there is no such process (any more)";
            case Errno.EINVAL ->
                offline(spec)
                        .orElseGet(() -> spec.frequency()
                                ? tooOften()
                                : "the kernel does not know the event, or not with these settings");
            default -> null;
        };
    }

    private static Optional<String> offline(PerfEventSpec spec) {
        return spec.cpu().stream()
                .filter(c -> !Cpus.online().get(c))
                .mapToObj(c -> "CPU " + c + " is not online; online are " + Cpus.online())
                .findFirst();
    }

    private static String noHardware() {
        boolean unit = Files.exists(UNITS.resolve("cpu"));
        return (unit
                        ? "the processor's counters do not have this event"
                        : "this machine shows no counters of its processor (no " + UNITS
                                + "/cpu), as is usual in virtual machines")
                + "; software events such as cpu-clock work everywhere";
    }

    private static String tooOften() {
        String most = Privileges.current()
                .sysctl("kernel/perf_event_max_sample_rate")
                .map(String::valueOf)
                .orElse("unknown");
        return "the frequency may be above kernel.perf_event_max_sample_rate, now " + most
                + " (the kernel lowers it if samples take long): raise it by sysctl, or give a period instead of a frequency";
    }
}

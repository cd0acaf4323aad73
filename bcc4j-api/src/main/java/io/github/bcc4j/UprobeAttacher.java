package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.attach.UprobesSpec;
import io.github.bcc4j.attach.UsdtProbe;
import io.github.bcc4j.attach.UsdtSpec;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.PerfEvent;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.kernel.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Attaches programs to places of files: one by one through perf events, or many through one link where the kernel has that. */
final class UprobeAttacher {
    private static final Path UNIT = Path.of("/sys/bus/event_source/devices/uprobe");

    private final BpfProgram program;
    private final AttachSpec spec;
    private final OptionalInt pid;
    private final boolean returning;

    private UprobeAttacher(BpfProgram program, AttachSpec spec, OptionalInt pid, boolean returning) {
        this.program = program;
        this.spec = spec;
        this.pid = pid;
        this.returning = returning;
    }

    /** A place of a file, with its counter and cookie. */
    record Point(long offset, long counter, long cookie) {}

    /** The type a program is to be loaded as, for what the spec asks of this kernel. */
    static ProgramType programType(AttachSpec spec) {
        boolean many = spec instanceof UprobesSpec
                || spec instanceof UsdtSpec u && u.probe().locations().size() > 1;
        return many && Features.uprobeMulti().isSupported() ? ProgramType.UPROBE_MULTI : spec.programType();
    }

    static BpfLink one(BpfProgram program, UprobeSpec spec, Consumer<BpfLink> onClose) {
        UprobePlaces.Place place = UprobePlaces.resolve(program.name(), spec);
        return new UprobeAttacher(program, spec, spec.pid(), spec.returning())
                .attach(
                        place.file(),
                        List.of(new Point(place.offset(), spec.referenceCounter(), spec.cookie())),
                        onClose);
    }

    static BpfLink many(BpfProgram program, UprobesSpec spec, Consumer<BpfLink> onClose) {
        UprobePlaces.Places places = UprobePlaces.resolve(program.name(), spec);
        List<Point> points =
                places.offsets().stream().map(o -> new Point(o, 0, 0)).toList();
        return new UprobeAttacher(program, spec, spec.pid(), spec.returning()).attach(places.file(), points, onClose);
    }

    static BpfLink usdt(BpfProgram program, UsdtSpec spec, Consumer<BpfLink> onClose) {
        List<Point> points = new ArrayList<>();
        for (UsdtProbe.Location l : spec.probe().locations()) {
            long cookie = spec.firstCookie() == 0 ? 0 : spec.firstCookie() + points.size();
            points.add(new Point(l.fileOffset(), l.semaphore(), cookie));
        }
        return new UprobeAttacher(program, spec, spec.pid(), false)
                .attach(spec.probe().binary(), points, onClose);
    }

    private BpfLink attach(Path file, List<Point> points, Consumer<BpfLink> onClose) {
        int unit = unit();
        if (points.stream().anyMatch(p -> p.counter != 0) && !Files.exists(UNIT.resolve("format/ref_ctr_offset"))) {
            throw new UnsupportedByKernelException(
                    "a uprobe's reference counter", "4.20", UNIT + "/format has no ref_ctr_offset");
        }
        if (program.type() == ProgramType.UPROBE_MULTI) {
            long link = program.fd()
                    .call(p -> Bpf.linkUprobes(
                            p,
                            file.toString(),
                            points.stream().mapToLong(Point::offset).toArray(),
                            points.stream().mapToLong(Point::counter).toArray(),
                            points.stream().mapToLong(Point::cookie).toArray(),
                            returning,
                            pid.orElse(0)));
            return Attacher.link(program, spec, Attacher.check(link, program, spec), () -> {}, onClose);
        }
        List<Fd> all = new ArrayList<>();
        try {
            for (Point p : points) {
                all.add(perf(unit, file.toString(), p));
            }
        } catch (RuntimeException e) {
            Closing.descriptors(all);
            throw e;
        }
        List<Fd> others = List.copyOf(all.subList(1, all.size()));
        return new BpfLink(spec, program.name(), all.getFirst(), () -> Closing.descriptors(others), onClose);
    }

    private Fd perf(int unit, String file, Point point) {
        long config = point.counter << 32 | (returning ? 1 : 0);
        long opened = PerfEvent.openProbe(
                unit, config, file, point.offset, pid.orElse(-1), pid.isPresent() ? -1 : Cpus.firstOnline());
        Fd event = Fd.own(Attacher.check(opened, program, spec), "uprobe " + program.name() + " at " + spec);
        try {
            if (point.cookie == 0) {
                Attacher.check(program.fd().call(p -> PerfEvent.setProgram(event.number(), p)), program, spec);
                return event;
            }
            long link = program.fd().call(p -> Bpf.linkPerfEvent(p, event.number(), point.cookie));
            Fd held = Fd.own(Attacher.check(link, program, spec), "link " + program.name() + " at " + spec);
            event.close(); // the link holds it
            return held;
        } catch (RuntimeException e) {
            event.close();
            throw e;
        }
    }

    private static int unit() {
        try {
            return Integer.parseInt(Files.readString(UNIT.resolve("type")).strip());
        } catch (IOException e) {
            throw new UnsupportedByKernelException(
                    "uprobe",
                    "4.17",
                    UNIT + "/type does not exist, so it was built without CONFIG_UPROBE_EVENTS or /sys is not mounted",
                    "let this process see the host's /sys if it is in a container; a kernel of a distribution has uprobes");
        }
    }

    /** What may do for a process that may not open a uprobe. */
    static String otherWay() {
        return Features.uprobeMulti().isSupported()
                ? "; a link of uprobes takes CAP_BPF and CAP_PERFMON only: BPF.attachUprobes"
                : "";
    }

    /** What an error number of perf_event_open(2) and BPF_LINK_CREATE means where everything was looked up before. */
    static String why(int errno) {
        return switch (errno) {
            case Errno.ESRCH -> "there is no such process (any more)";
            case Errno.ENOENT -> "the file is gone";
            case Errno.EINVAL ->
                "the kernel can't probe this file: its file system must keep pages in memory (not hugetlbfs), and"
                        + " a reference counter must be the same at all probes of a place";
            default -> "the kernel can't put a probe on this instruction";
        };
    }
}

package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.CgroupSpec;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.KprobesSpec;
import io.github.bcc4j.attach.LsmSpec;
import io.github.bcc4j.attach.NamespaceSpec;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.RawSocketSpec;
import io.github.bcc4j.attach.RawTracepointSpec;
import io.github.bcc4j.attach.SocketSpec;
import io.github.bcc4j.attach.SockmapSpec;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.attach.TracepointSpec;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.attach.UprobesSpec;
import io.github.bcc4j.attach.UsdtSpec;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.PerfEvent;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.kernel.Privileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Turns a loaded program and a place into a link. Everything is bound to descriptors, so the end of the process ends it. */
final class Attacher {
    private Attacher() {}

    private static final Path KPROBE_TYPE = Path.of("/sys/bus/event_source/devices/kprobe/type");
    private static final Path KPROBE_EVENTS = Path.of("/sys/kernel/tracing/kprobe_events");
    private static final Runnable NOTHING = () -> {};

    static BpfLink attach(BpfProgram program, AttachSpec spec, Loader loader, Consumer<BpfLink> onClose) {
        return switch (spec) {
            case KprobeSpec k when k.maxActive() > 0 -> namedKretprobe(program, k, onClose);
            case KprobeSpec k -> perf(program, spec, openKprobe(program, k), NOTHING, onClose);
            case TracepointSpec t -> perf(program, spec, openTracepoint(program, t), NOTHING, onClose);
            case RawTracepointSpec r -> {
                long fd = program.fd().call(p -> Bpf.rawTracepointOpen(r.name(), p));
                yield link(program, spec, check(fd, program, spec), NOTHING, onClose);
            }
            case UprobeSpec u -> UprobeAttacher.one(program, u, onClose);
            case UprobesSpec u -> UprobeAttacher.many(program, u, onClose);
            case UsdtSpec u -> UprobeAttacher.usdt(program, u, onClose);
            case PerfEventSpec e -> PerfEventAttacher.attach(program, e, onClose);
            case KprobesSpec k -> TracingAttacher.kprobes(program, k, onClose);
            case FentrySpec f -> TracingAttacher.loadedFor(program, f, onClose);
            case LsmSpec l -> TracingAttacher.lsm(program, l, onClose);
            case IteratorSpec i -> TracingAttacher.iterator(program, i, loader, onClose);
            case RawSocketSpec r -> DeviceAttacher.rawSocket(program, r, onClose);
            case SocketSpec s -> DeviceAttacher.socket(program, s, onClose);
            case XdpSpec x -> DeviceAttacher.xdp(program, x, onClose);
            case TcSpec t -> DeviceAttacher.tc(program, t, onClose);
            case CgroupSpec c -> GroupAttacher.cgroup(program, c, onClose);
            case NamespaceSpec n -> GroupAttacher.namespace(program, n, onClose);
            case SockmapSpec m ->
                GroupAttacher.sockmap(program, m, loader.map(m.map()).fd(), onClose);
        };
    }

    private static int openKprobe(BpfProgram program, KprobeSpec spec) {
        int pmu = kprobeUnit();
        long config = spec.returning() ? 1 : 0;
        return check(
                PerfEvent.openProbe(pmu, config, spec.function(), spec.offset(), -1, Cpus.firstOnline()),
                program,
                spec);
    }

    private static int kprobeUnit() {
        try {
            return Integer.parseInt(Files.readString(KPROBE_TYPE).strip());
        } catch (IOException e) {
            throw new UnsupportedByKernelException(
                    "kprobe",
                    "4.17",
                    KPROBE_TYPE
                            + " does not exist, so it was built without CONFIG_KPROBE_EVENTS or /sys is not mounted",
                    "a tracepoint or raw tracepoint may do, or fentry if Features.fentry() says that it is supported");
        }
    }

    /** The kprobe unit has no maxactive, so this one needs a name in tracefs; the name is removed with the link. */
    private static BpfLink namedKretprobe(BpfProgram program, KprobeSpec spec, Consumer<BpfLink> onClose) {
        kprobeUnit();
        StaleProbes.sweep(KPROBE_EVENTS);
        String event = StaleProbes.newName(spec.function());
        try {
            StaleProbes.write(KPROBE_EVENTS, "r" + spec.maxActive() + ":" + event + " " + spec.function());
        } catch (IOException e) {
            throw new AttachException(program.name(), spec, Errno.EINVAL, why(spec, Errno.EINVAL, e.getMessage()));
        }
        Runnable remove = () -> StaleProbes.remove(KPROBE_EVENTS, event);
        try {
            int slash = event.indexOf('/');
            long id = Probes.tracepointId(event.substring(0, slash), event.substring(slash + 1));
            return perf(program, spec, check(openTracepoint(id), program, spec), remove, onClose);
        } catch (RuntimeException e) {
            remove.run();
            throw e;
        }
    }

    private static int openTracepoint(BpfProgram program, TracepointSpec spec) {
        if (!Probes.tracepointExists(spec.category(), spec.name())) {
            String similar = Probes.similarTracepoints(spec.category(), spec.name())
                    .map(s -> "; " + s)
                    .orElse("; BPF.tracepoints lists those there are");
            throw new AttachException(
                    program.name(),
                    spec,
                    Errno.ENOENT,
                    "this kernel has no tracepoint " + spec.category() + ":" + spec.name() + similar);
        }
        return check(openTracepoint(Probes.tracepointId(spec.category(), spec.name())), program, spec);
    }

    private static int openTracepoint(long id) {
        return PerfEvent.open(
                new PerfEvent.Attr(PerfEvent.TYPE_TRACEPOINT, id, 1, PerfEvent.SAMPLE_RAW, 0, 1, 0, 0),
                -1,
                Cpus.firstOnline());
    }

    private static BpfLink perf(
            BpfProgram program, AttachSpec spec, int event, Runnable afterwards, Consumer<BpfLink> onClose) {
        BpfLink link = link(program, spec, event, afterwards, onClose);
        try {
            check(program.fd().call(p -> PerfEvent.setProgram(event, p)), program, spec);
            check(PerfEvent.enable(event), program, spec);
            return link;
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    static BpfLink link(BpfProgram program, AttachSpec spec, int fd, Runnable afterwards, Consumer<BpfLink> onClose) {
        return new BpfLink(
                spec, program.name(), Fd.own(fd, "link " + program.name() + " at " + spec), afterwards, onClose);
    }

    static int check(long result, BpfProgram program, AttachSpec spec) {
        if (result < 0) {
            int errno = (int) -result;
            throw new AttachException(program.name(), spec, errno, why(spec, errno, null));
        }
        return (int) result;
    }

    private static String why(AttachSpec spec, int errno, String fallback) {
        Optional<String> known = Stream.of(
                        DeviceAttacher.why(spec, errno),
                        GroupAttacher.why(spec, errno),
                        TracingAttacher.why(spec, errno))
                .filter(Objects::nonNull)
                .findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        if (errno == Errno.EPERM || errno == Errno.EACCES) {
            return Privileges.explainEperm(operation(spec), "attach to " + spec, errno)
                    + (spec instanceof UprobeSpec ? UprobeAttacher.otherWay() : "");
        }
        if (errno == Errno.EMFILE) {
            return "the process has no descriptor left; each probe takes one: raise ulimit -n";
        }
        if (errno == Errno.EEXIST) {
            return spec instanceof TracepointSpec
                    ? "this very program runs here already: one attachment of it is enough"
                    : "this place runs another program already";
        }
        return switch (spec) {
            case KprobeSpec k -> Probes.explain(k.function());
            case RawTracepointSpec r
            when errno == Errno.ENOENT ->
                "this kernel has no raw tracepoint " + r.name() + "; "
                        + Probes.similarRawTracepoints(r.name())
                                .orElse("the names are those of tracepoints, without category");
            case UprobeSpec u -> UprobeAttacher.why(errno);
            case UprobesSpec u -> UprobeAttacher.why(errno);
            case UsdtSpec u -> UprobeAttacher.why(errno);
            case PerfEventSpec e -> PerfEventAttacher.why(e, errno);
            default -> fallback;
        };
    }

    private static Privileges.Operation operation(AttachSpec spec) {
        return switch (spec) {
            case UprobeSpec u -> Privileges.Operation.OPEN_UPROBE;
            case UprobesSpec u -> Privileges.Operation.OPEN_UPROBE;
            case UsdtSpec u -> Privileges.Operation.OPEN_UPROBE;
            case KprobeSpec k -> Privileges.Operation.OPEN_PERF_EVENT;
            case TracepointSpec t -> Privileges.Operation.OPEN_PERF_EVENT;
            case PerfEventSpec e -> Privileges.Operation.OPEN_PERF_EVENT;
            case XdpSpec x -> Privileges.Operation.LOAD_NETWORKING;
            case TcSpec t -> Privileges.Operation.LOAD_NETWORKING;
            case CgroupSpec c -> Privileges.Operation.LOAD_NETWORKING;
            case SockmapSpec m -> Privileges.Operation.LOAD_NETWORKING;
            case NamespaceSpec n -> Privileges.Operation.LOAD_NETWORKING;
            default -> Privileges.Operation.OTHER;
        };
    }
}

package io.github.bcc4j.tests;

import static io.github.bcc4j.tests.AttachRow.Rights.NETWORK;
import static io.github.bcc4j.tests.AttachRow.Rights.PACKETS;
import static io.github.bcc4j.tests.AttachRow.Rights.TRACING;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.CgroupSpec;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.KprobesSpec;
import io.github.bcc4j.attach.LsmSpec;
import io.github.bcc4j.attach.NamespaceSpec;
import io.github.bcc4j.attach.NetworkDevice;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.RawSocketSpec;
import io.github.bcc4j.attach.RawTracepointSpec;
import io.github.bcc4j.attach.SocketSpec;
import io.github.bcc4j.attach.SockmapSpec;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.attach.TracepointSpec;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.attach.UprobesSpec;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.attach.UsdtProbe;
import io.github.bcc4j.attach.UsdtSpec;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.kernel.Features;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A kind of place that {@code any} of {@link #TEXT} can be attached to.
 *
 * @param there a place that there is
 * @param wrong one that is not: a name that is misspelt
 * @param misspelt what its user reads
 * @param lacking what the user reads whose kernel does not have the kind; null where the running kernel does
 * @param bare what the user reads who sees no /sys, and so nothing of what the kernel is built with; null if it works even so
 * @param rights what it takes
 */
record AttachRow(AttachSpec there, AttachSpec wrong, Refusal misspelt, Refusal lacking, Refusal bare, Rights rights) {
    static final String TEXT = "int any(void *ctx) { return 0; }";
    static final String TEXT_WITH_SOCKETS = "BPF_SOCKHASH(sockets, u32, 4); " + TEXT;

    /** An exception's simple class name, and parts of its message in their order. */
    record Refusal(String type, String... says) {
        String pattern() {
            return List.of(says).stream()
                    .map(Pattern::quote)
                    .reduce((a, b) -> a + ".*" + b)
                    .orElseThrow();
        }

        boolean fits(String className, String message) {
            return className.equals(type)
                    && Pattern.compile(pattern(), Pattern.DOTALL)
                            .matcher(message)
                            .find();
        }

        @Override
        public String toString() {
            return type + ": " + String.join(" ... ", says);
        }
    }

    /** What loading and attaching takes. */
    enum Rights {
        TRACING("CAP_PERFMON"),
        UPROBE("CAP_PERFMON"),
        SOCKET(""),
        PACKETS("CAP_NET_RAW"),
        CGROUP("CAP_NET_ADMIN"),
        NETWORK("CAP_NET_ADMIN");

        final String besidesBpf;

        Rights(String besidesBpf) {
            this.besidesBpf = besidesBpf;
        }
    }

    /** Whether it is for the text that has a map. */
    boolean takesSockets() {
        return there instanceof SockmapSpec;
    }

    /** Whether it is done, and by perf_event_open(2), on this kernel. */
    boolean opensPerfEvent() {
        return lacking == null
                && switch (there) {
                    case KprobeSpec k -> true;
                    case TracepointSpec t -> true;
                    case PerfEventSpec e -> true;
                    case UprobesSpec u -> !Features.uprobeMulti().isSupported();
                    default -> false;
                };
    }

    private static Refusal refused(String... says) {
        return new Refusal("AttachException", says);
    }

    private static Refusal unsupported(String... says) {
        return new Refusal("UnsupportedByKernelException", says);
    }

    private static final Refusal NO_KPROBES = unsupported(
            "kprobe is not supported by this kernel: /sys/bus/event_source/devices/kprobe/type does not exist",
            "CONFIG_KPROBE_EVENTS",
            "(in Linux since 4.17)",
            "hint: a tracepoint or raw tracepoint may do");
    private static final Refusal NO_LINK_OF_KPROBES = unsupported(
            "a link to many kprobes is not supported by this kernel: making a kprobe.multi link says",
            "(in Linux since 5.18)",
            "hint: it takes CONFIG_FPROBE; BPF.attachKprobes attaches one by one");
    private static final Refusal NO_UPROBES = unsupported(
            "uprobe is not supported by this kernel: /sys/bus/event_source/devices/uprobe/type does not exist",
            "(in Linux since 4.17)",
            "hint: let this process see the host's /sys");
    private static final Refusal NO_TRACEFS = new Refusal(
            "BpfException", "the tracing file system is not mounted", "hint: as root: mount -t tracefs", "gid=GROUP");
    private static final Refusal NO_TYPES = unsupported(
            "type information (BTF) is not supported by this kernel",
            "CONFIG_DEBUG_INFO_BTF",
            "hint: kprobes, tracepoints and raw tracepoints do without");
    private static final Refusal NO_LIST_OF_CPUS =
            new Refusal("BpfException", "can't read the list of online CPUs: ", "/online", "hint: /sys is not mounted");

    /** Every kind, in a cgroup and a network namespace of the caller's, for a socket of this process. */
    static List<AttachRow> all(Path cgroup, Path namespace, int socket) {
        Refusal noKprobes = Features.kprobe().isSupported() ? null : NO_KPROBES;
        Refusal noLink = Features.kprobeMulti().isSupported() ? null : NO_LINK_OF_KPROBES;
        OptionalInt everyone = OptionalInt.empty();
        UsdtProbe probe = Usdt.of(System.getProperty("java.home") + "/lib/server/libjvm.so").probes().stream()
                .filter(p -> p.locations().size() == 1)
                .findFirst()
                .orElseThrow();
        UsdtProbe gone = new UsdtProbe(Path.of("/no/libjvm.so"), probe.provider(), probe.name(), probe.locations());
        NetworkDevice device = NetworkDevice.of("v0").inNamespace(namespace);
        NetworkDevice noDevice = NetworkDevice.of("v7").inNamespace(namespace);
        Refusal noSuchDevice =
                refused(": ENODEV (No such device)", "that network namespace has no device v7; there is ", "v0");
        PerfEventSpec clock = PerfEventSpec.software(PerfEventSpec.Software.CPU_CLOCK);
        return List.of(
                new AttachRow(
                        KprobeSpec.entry("vfs_read"),
                        KprobeSpec.entry("vfs_raed"),
                        noKprobes != null
                                ? noKprobes
                                : refused("attach any to p:vfs_raed: ENOENT", "has no function vfs_raed", "vfs_read"),
                        noKprobes,
                        NO_KPROBES,
                        TRACING),
                new AttachRow(
                        new KprobeSpec("vfs_read", 0, true, 7),
                        new KprobeSpec("vfs_raed", 0, true, 7),
                        noKprobes != null
                                ? noKprobes
                                : refused("attach any to r:vfs_raed: E", "has no function vfs_raed", "vfs_read"),
                        noKprobes,
                        NO_KPROBES,
                        TRACING),
                new AttachRow(
                        new KprobesSpec(List.of("vfs_read"), false),
                        new KprobesSpec(List.of("vfs_raed"), false),
                        noLink != null
                                ? noLink
                                : refused("attach any to p:vfs_raed: ESRCH", "BPF.attachKprobes names it"),
                        noLink,
                        noLink,
                        TRACING),
                new AttachRow(
                        TracepointSpec.of("sched:sched_switch"),
                        TracepointSpec.of("sched:sched_swich"),
                        refused(
                                "attach any to t:sched:sched_swich: ENOENT",
                                "this kernel has no tracepoint sched:sched_swich; there is sched:sched_switch"),
                        null,
                        NO_TRACEFS,
                        TRACING),
                new AttachRow(
                        new RawTracepointSpec("sched_switch"),
                        new RawTracepointSpec("sched_swich"),
                        refused(
                                "attach any to rt:sched_swich: ENOENT",
                                "this kernel has no raw tracepoint sched_swich; there is sched_switch"),
                        null,
                        null,
                        TRACING),
                new AttachRow(
                        UprobeSpec.entry("c", "getppid"),
                        UprobeSpec.entry("c", "getppdi"),
                        refused("attach any to p:c:getppdi: ENOENT", "has no function getppdi", "there is ", "getppid"),
                        null,
                        NO_UPROBES,
                        Rights.UPROBE),
                new AttachRow(
                        new UprobesSpec("c", Pattern.compile("getppid|getpgid"), everyone, false),
                        new UprobesSpec("c", Pattern.compile("getppdi"), everyone, false),
                        refused(
                                "attach any to p:c:/getppdi/: ENOENT",
                                "no function of ",
                                "libc.so.6 has a name that matches, as a whole, getppdi"),
                        null,
                        NO_UPROBES,
                        TRACING),
                new AttachRow(
                        new UsdtSpec(probe, everyone, 0),
                        new UsdtSpec(gone, everyone, 0),
                        refused("attach any to u:/no/libjvm.so:" + probe.fullName() + ": ENOENT", "the file is gone"),
                        null,
                        NO_UPROBES,
                        Rights.UPROBE),
                new AttachRow(
                        clock.every(1L << 40),
                        PerfEventSpec.of(1, 99).every(1L << 40),
                        refused("attach any to e:1/0x63 every 1099511627776: ENOENT", "has no such event"),
                        null,
                        NO_LIST_OF_CPUS,
                        TRACING),
                new AttachRow(
                        FentrySpec.entry("vfs_read"),
                        FentrySpec.entry("vfs_raed"),
                        refused("attach any to fentry:vfs_raed: ENOENT", "has no function vfs_raed", "vfs_read"),
                        forbidden(Features.fentry(), "fentry"),
                        NO_TYPES,
                        TRACING),
                new AttachRow(
                        new LsmSpec("file_open"),
                        new LsmSpec("file_opne"),
                        refused("attach any to lsm:file_opne: ENOENT", "has no hook file_opne; there is file_open"),
                        forbidden(Features.lsm(), "lsm"),
                        NO_TYPES,
                        TRACING),
                new AttachRow(
                        IteratorSpec.of("task"),
                        IteratorSpec.of("taks"),
                        refused("attach any to iter:taks: ENOENT", "has no iterator taks; there is task"),
                        forbidden(Features.iterator(), "iterator"),
                        NO_TYPES,
                        TRACING),
                new AttachRow(
                        new RawSocketSpec(NetworkDevice.of("lo")),
                        new RawSocketSpec(NetworkDevice.of("lo7")),
                        refused("attach any to socket:lo7: ENODEV", "has no device lo7; there is ", "lo"),
                        null,
                        null,
                        PACKETS),
                new AttachRow(
                        new SocketSpec(socket),
                        new SocketSpec(99_999),
                        refused("attach any to socket:fd 99999: EBADF", "descriptor 99999 is no open socket"),
                        null,
                        null,
                        Rights.SOCKET),
                new AttachRow(
                        new XdpSpec(device, XdpSpec.Mode.AUTO),
                        new XdpSpec(noDevice, XdpSpec.Mode.AUTO),
                        noSuchDevice,
                        null,
                        null,
                        NETWORK),
                new AttachRow(
                        new TcSpec(device, false, 0, 0),
                        new TcSpec(noDevice, false, 0, 0),
                        noSuchDevice,
                        null,
                        null,
                        NETWORK),
                new AttachRow(
                        new TcSpec(device, true, 5, 6),
                        new TcSpec(noDevice, true, 5, 6),
                        noSuchDevice,
                        null,
                        null,
                        NETWORK),
                new AttachRow(
                        new CgroupSpec(cgroup, ProgramType.CGROUP_EGRESS),
                        new CgroupSpec(cgroup.resolve("none"), ProgramType.CGROUP_EGRESS),
                        refused(
                                "attach any to cgroup_egress:" + cgroup + "/none: ENOENT",
                                "there is no such folder; the cgroup2 file system is often at"),
                        null,
                        cgroup.startsWith("/sys") ? refused("ENOENT", "there is no such folder") : null,
                        Rights.CGROUP),
                new AttachRow(
                        new SockmapSpec("sockets", ProgramType.SK_MSG),
                        new SockmapSpec("sokcets", ProgramType.SK_MSG),
                        new Refusal("IllegalArgumentException", "the C text has no map \"sokcets\"; it has sockets"),
                        null,
                        null,
                        NETWORK),
                new AttachRow(
                        new NamespaceSpec(namespace, ProgramType.FLOW_DISSECTOR),
                        new NamespaceSpec(namespace.resolveSibling("none"), ProgramType.FLOW_DISSECTOR),
                        refused("ENOENT", "there is no such file; a process's is /proc/PID/ns/net"),
                        null,
                        null,
                        NETWORK));
    }

    private static Refusal forbidden(Features.Result feature, String type) {
        return switch (feature.state()) {
            case SUPPORTED -> null;
            case UNSUPPORTED -> unsupported(feature.reason());
            case UNKNOWN ->
                new Refusal(
                        "BpfSyscallException",
                        "load " + type + " program any: EPERM",
                        "kernels of sandboxes refuse fentry, iterator and LSM programs even so",
                        "a kprobe or tracepoint may do");
        };
    }
}

package io.github.bcc4j.kernel;

import static io.github.bcc4j.kernel.Privileges.Capability.CAP_BPF;
import static io.github.bcc4j.kernel.Privileges.Capability.CAP_NET_ADMIN;
import static io.github.bcc4j.kernel.Privileges.Capability.CAP_PERFMON;
import static io.github.bcc4j.kernel.Privileges.Capability.CAP_SYS_ADMIN;
import static io.github.bcc4j.kernel.Privileges.Capability.CAP_SYS_RESOURCE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process may do, and why not more. Thread-safe; everything is read anew each time.
 *
 * <p>Source: capabilities(7), kernel_lockdown(7), proc(5), and the checks of {@code BPF_PROG_LOAD} in the kernel's
 * kernel/bpf/syscall.c.
 */
public final class Privileges {
    /** The capabilities that matter to BPF, by number. */
    public enum Capability {
        /** Networking programs. */
        CAP_NET_ADMIN(12),
        /** Everything BPF, before Linux 5.8. */
        CAP_SYS_ADMIN(21),
        /** Raising limits. */
        CAP_SYS_RESOURCE(24),
        /** Seeing kernel addresses. */
        CAP_SYSLOG(34),
        /** Tracing programs and perf events, since Linux 5.8. */
        CAP_PERFMON(38),
        /** Maps and programs, since Linux 5.8. */
        CAP_BPF(39);

        private final int number;

        Capability(int number) {
            this.number = number;
        }
    }

    /** What the kernel is asked for, as far as its checks differ. */
    public enum Operation {
        /** Maps and type information. */
        USE_MAP(CAP_BPF),
        /** A map of sockets or network devices. */
        USE_NETWORK_MAP(CAP_BPF, CAP_NET_ADMIN),
        /** A program that sees only what it is given: a socket filter. */
        LOAD_FILTER(CAP_BPF),
        /** A program that reads the kernel's memory: kprobe, tracepoint, raw tracepoint, perf event. */
        LOAD_TRACING(CAP_BPF, CAP_PERFMON),
        /** A tracing program bound to a type of the kernel: fentry, iterator, LSM. */
        LOAD_TYPED_TRACING(CAP_BPF, CAP_PERFMON),
        /** A program that handles packets or sockets: XDP, TC, cgroup. */
        LOAD_NETWORKING(CAP_BPF, CAP_NET_ADMIN),
        /** A perf event: a probe, a tracepoint, a perf buffer. */
        OPEN_PERF_EVENT(CAP_PERFMON),
        /** A uprobe by perf_event_open(2), which since Linux 6.16, and updates of older ones, takes more than other perf events. */
        OPEN_UPROBE(CAP_SYS_ADMIN),
        /** Anything else. */
        OTHER(CAP_BPF, CAP_PERFMON);

        private final List<Capability> needed;

        Operation(Capability... needed) {
            this.needed = List.of(needed);
        }

        /**
         * The loading of a program.
         *
         * @param programType {@code BPF_PROG_TYPE_}
         * @return its kind
         */
        public static Operation load(int programType) {
            return switch (programType) {
                case 2, 5, 7, 17, 24 -> LOAD_TRACING;
                case 26, 27, 28, 29 -> LOAD_TYPED_TRACING;
                case 1, 8, 21 -> LOAD_FILTER;
                default -> LOAD_NETWORKING;
            };
        }

        /**
         * The making of a map.
         *
         * @param mapType {@code BPF_MAP_TYPE_}
         * @return its kind
         */
        public static Operation makeMap(int mapType) {
            return switch (mapType) {
                case 14, 15, 17, 18, 25 -> USE_NETWORK_MAP; // devmap, sockmap, xskmap, sockhash, devmap_hash
                default -> USE_MAP;
            };
        }
    }

    private static final int DISTRUST = 3;

    private final Path root;

    private Privileges(Path root) {
        this.root = root;
    }

    /**
     * Of this process, now.
     *
     * @return a view that reads anew each time
     */
    public static Privileges current() {
        return new Privileges(Path.of("/"));
    }

    /** For tests: of a process whose /proc and /sys are below a folder. */
    static Privileges below(Path root) {
        return new Privileges(root);
    }

    /** In one read: numbers below /proc/sys give no more after their first, which Files.readString makes one byte long. */
    private Optional<String> read(String file) {
        try (Stream<String> lines = Files.lines(root.resolve(file))) {
            return Optional.of(lines.collect(Collectors.joining("\n")).strip());
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> line(String file, String start) {
        return read(file)
                .flatMap(s -> s.lines()
                        .filter(l -> l.startsWith(start))
                        .map(l -> l.substring(start.length()).strip())
                        .findFirst());
    }

    /**
     * Whether this process has a capability.
     *
     * @param capability which
     * @return true if it is effective
     */
    public boolean has(Capability capability) {
        return line("proc/self/status", "CapEff:")
                .map(hex -> (Long.parseUnsignedLong(hex, 16) >>> capability.number & 1) == 1)
                .orElse(false);
    }

    /**
     * The capabilities an operation takes that this process lacks. CAP_SYS_ADMIN serves for all; before Linux 5.8 nothing else does.
     *
     * @param operation what is to be done
     * @return those to be given, empty if none is missing
     */
    public List<Capability> missing(Operation operation) {
        return has(CAP_SYS_ADMIN)
                ? List.of()
                : needed(operation).stream().filter(c -> !has(c)).toList();
    }

    private List<Capability> needed(Operation operation) {
        return kernelIsAtLeast(5, 8) ? operation.needed : List.of(CAP_SYS_ADMIN);
    }

    private boolean kernelIsAtLeast(int major, int minor) {
        return read("proc/sys/kernel/osrelease")
                .map(r -> KernelVersion.parse(r).isAtLeast(major, minor))
                .orElse(true);
    }

    /**
     * The kernel's lockdown.
     *
     * @return {@code none}, {@code integrity} or {@code confidentiality}, empty if the kernel does not tell
     */
    public Optional<String> lockdown() {
        // none [integrity] confidentiality
        return read("sys/kernel/security/lockdown")
                .filter(s -> s.contains("["))
                .map(s -> s.substring(s.indexOf('[') + 1, s.indexOf(']')));
    }

    /**
     * Whether a seccomp filter is on this process, as in most containers.
     *
     * @return true if one is
     */
    public boolean isFiltered() {
        return line("proc/self/status", "Seccomp:").map(s -> !s.equals("0")).orElse(false);
    }

    /**
     * Whether this process is in a user namespace of its own, whose capabilities the kernel does not count for BPF.
     *
     * @return true if so, as in rootless containers
     */
    public boolean isInUserNamespace() {
        return read("proc/self/uid_map")
                .map(m -> !m.replaceAll("\\s+", " ").strip().equals("0 0 4294967295"))
                .orElse(false);
    }

    /**
     * A number below /proc/sys.
     *
     * @param name with slashes: {@code kernel/unprivileged_bpf_disabled}
     * @return the number, empty if the kernel has no such setting or does not show it
     */
    public Optional<Integer> sysctl(String name) {
        return read("proc/sys/" + name).map(Integer::valueOf);
    }

    /**
     * How to start a program with some capabilities and no others.
     *
     * @param capabilities which
     * @return a command to put before the program's, for root
     */
    public static String command(List<Capability> capabilities) {
        String names = capabilities.stream()
                .map(c -> "+" + c.name().substring("CAP_".length()).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
        return "setpriv --reuid=USER --regid=GROUP --init-groups --inh-caps=" + names + " --ambient-caps=" + names;
    }

    /**
     * Why the kernel may have said EPERM or EACCES.
     *
     * @param what what was tried: {@code attach to p:vfs_read}
     * @param errno the error number
     * @return sentences, the likeliest cause first; null for another error
     */
    public static String explainEperm(String what, int errno) {
        return explainEperm(Operation.OTHER, what, errno);
    }

    /**
     * Why the kernel may have said EPERM or EACCES, naming what exactly the operation takes.
     *
     * @param operation what kind of thing was tried
     * @param what what was tried: {@code attach to p:vfs_read}
     * @param errno the error number
     * @return sentences, the likeliest cause first; null for another error
     */
    public static String explainEperm(Operation operation, String what, int errno) {
        return errno == 1 || errno == 13 ? current().explain(operation, what) : null;
    }

    String explain(Operation operation, String what) {
        List<String> reasons = new ArrayList<>();
        List<Capability> missing = missing(operation);
        if (!missing.isEmpty()) {
            String names = missing.stream().map(Capability::name).collect(Collectors.joining(" and "));
            reasons.add("this process lacks " + names + ": start it by " + command(needed(operation))
                    + ", or name them in systemd's AmbientCapabilities");
            limits(operation, missing).ifPresent(reasons::add);
        }
        distrust(operation).ifPresent(reasons::add);
        if (isInUserNamespace()) {
            reasons.add(
                    "this process is in a user namespace (a rootless container): capabilities count outside of it only");
        }
        lockdown()
                .filter(l -> l.equals("confidentiality"))
                .ifPresent(l ->
                        reasons.add("the kernel is locked down (confidentiality), which forbids reading kernel memory:"
                                + " Secure Boot may have switched it on"));
        if (isFiltered()) {
            reasons.add("a seccomp filter is on this process, as in containers: it may forbid bpf(2) or"
                    + " perf_event_open(2)");
        }
        lockedMemory().ifPresent(reasons::add);
        if (reasons.isEmpty()) {
            reasons.add("this process has every capability it takes to " + what
                    + (operation == Operation.LOAD_TYPED_TRACING
                            ? "; kernels of sandboxes refuse fentry, iterator and LSM programs even so: a kprobe"
                                    + " or tracepoint may do"
                            : ", so this kernel forbids it by its build or a security module"));
        }
        return String.join("; ", reasons);
    }

    /** The setting that takes from those who have no capability what they would otherwise have. */
    private Optional<String> limits(Operation operation, List<Capability> missing) {
        if (operation == Operation.OPEN_PERF_EVENT) {
            return sysctl("kernel/perf_event_paranoid")
                    .filter(v -> v > -1 && v < DISTRUST)
                    .map(v -> "kernel.perf_event_paranoid is " + v + ", so perf events of all processes take it");
        }
        return sysctl("kernel/unprivileged_bpf_disabled")
                .filter(v -> v > 0
                        && (missing.contains(CAP_BPF) || operation.needed.contains(CAP_BPF) && !kernelIsAtLeast(5, 8)))
                .map(v -> "kernel.unprivileged_bpf_disabled is " + v + ", so none of it goes without");
    }

    /** A patch of Debian, Ubuntu and Android: nobody but CAP_SYS_ADMIN opens any perf event. */
    private Optional<String> distrust(Operation operation) {
        boolean perf = operation == Operation.OPEN_PERF_EVENT || operation == Operation.OPEN_UPROBE;
        return !perf || has(CAP_SYS_ADMIN)
                ? Optional.empty()
                : sysctl("kernel/perf_event_paranoid")
                        .filter(v -> v >= DISTRUST)
                        .map(v -> "kernel.perf_event_paranoid is " + v + ", for which this distribution's kernel takes"
                                + " CAP_SYS_ADMIN: sysctl kernel.perf_event_paranoid=2 lets CAP_PERFMON do");
    }

    /** Before Linux 5.11 maps and programs counted as locked memory, and too little of it is EPERM. */
    private Optional<String> lockedMemory() {
        if (kernelIsAtLeast(5, 11) || has(CAP_SYS_RESOURCE)) {
            return Optional.empty();
        }
        // Max locked memory         8388608              8388608              bytes
        return line("proc/self/limits", "Max locked memory")
                .map(l -> l.split("\\s+")[0])
                .filter(soft -> !soft.equals("unlimited"))
                .map(soft ->
                        "before Linux 5.11 maps and programs count as locked memory, of which this process may have "
                                + soft + " bytes: ulimit -l unlimited, or give it CAP_SYS_RESOURCE");
    }
}

package io.github.bcc4j.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What this process may do, and why not more. Source: capabilities(7), kernel_lockdown(7), proc(5). */
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
        /** Tracing programs and perf events. */
        CAP_PERFMON(38),
        /** Maps and programs. */
        CAP_BPF(39);

        private final int number;

        Capability(int number) {
            this.number = number;
        }
    }

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

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> status(String field) {
        return read("proc/self/status")
                .flatMap(s -> s.lines()
                        .filter(l -> l.startsWith(field + ":"))
                        .map(l -> l.substring(field.length() + 1).strip())
                        .findFirst());
    }

    /**
     * Whether this process has a capability.
     *
     * @param capability which
     * @return true if it is effective
     */
    public boolean has(Capability capability) {
        return status("CapEff")
                .map(hex -> (Long.parseUnsignedLong(hex, 16) >>> capability.number & 1) == 1)
                .orElse(false);
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
     * A number below /proc/sys.
     *
     * @param name with slashes: {@code kernel/unprivileged_bpf_disabled}
     * @return the number, empty if the kernel has no such setting
     */
    public Optional<Integer> sysctl(String name) {
        return read("proc/sys/" + name).map(Integer::valueOf);
    }

    /**
     * Why the kernel may have said EPERM or EACCES.
     *
     * @param what what was tried: {@code attach to p:vfs_read}
     * @param errno the error number
     * @return sentences, the likeliest cause first; null for another error
     */
    public static String explainEperm(String what, int errno) {
        return errno == 1 || errno == 13 ? current().explain(what) : null;
    }

    String explain(String what) {
        List<String> reasons = new ArrayList<>();
        boolean all = has(Capability.CAP_SYS_ADMIN);
        List<String> missing = new ArrayList<>();
        for (Capability c : List.of(Capability.CAP_BPF, Capability.CAP_PERFMON)) {
            if (!all && !has(c)) {
                missing.add(c.name());
            }
        }
        if (!missing.isEmpty()) {
            reasons.add(
                    "this process lacks " + String.join(" and ", missing)
                            + " (CAP_SYS_ADMIN before Linux 5.8): run it as root, or with setcap or systemd's AmbientCapabilities");
            sysctl("kernel/unprivileged_bpf_disabled")
                    .filter(v -> v > 0)
                    .ifPresent(v ->
                            reasons.add("kernel.unprivileged_bpf_disabled is " + v + ", so none of it goes without"));
        }
        lockdown()
                .filter(l -> l.equals("confidentiality"))
                .ifPresent(l ->
                        reasons.add("the kernel is locked down (confidentiality), which forbids reading kernel memory:"
                                + " Secure Boot may have switched it on"));
        status("Seccomp")
                .filter(s -> !s.equals("0"))
                .ifPresent(s ->
                        reasons.add("a seccomp filter is on this process, as in containers: it may forbid bpf(2) or"
                                + " perf_event_open(2)"));
        if (what.contains("map") && !all && !has(Capability.CAP_SYS_RESOURCE)) {
            reasons.add("before Linux 5.11, maps count as locked memory: raise ulimit -l");
        }
        sysctl("kernel/perf_event_paranoid")
                .filter(v -> v > 2 && !missing.isEmpty() && what.startsWith("attach"))
                .ifPresent(v -> reasons.add("kernel.perf_event_paranoid is " + v));
        if (reasons.isEmpty()) {
            reasons.add("this process has every capability it takes to " + what
                    + ", so this kernel forbids it by its build or a security module");
        }
        return String.join("; ", reasons);
    }
}

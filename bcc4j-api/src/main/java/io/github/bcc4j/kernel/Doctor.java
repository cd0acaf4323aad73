package io.github.bcc4j.kernel;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.ffm.LibraryFile;
import io.github.bcc4j.ffm.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks at this machine and this process: what of bcc4j will work, what will not, and what to do about it. */
public final class Doctor {
    /** How a finding is meant. */
    public enum Status {
        /** As it should be. */
        OK,
        /** Something will not work, or not so well. */
        WARN,
        /** Nothing will work. */
        FAIL,
        /** To know. */
        INFO
    }

    /**
     * One thing looked at.
     *
     * @param area what it belongs to
     * @param status how it is
     * @param what what was found
     * @param fix what to do, empty if nothing is to be done
     */
    public record Finding(String area, Status status, String what, String fix) {}

    private final List<Finding> findings = new ArrayList<>();

    private Doctor() {}

    /**
     * Looks at everything.
     *
     * @return the findings; as text, a table
     */
    public static Doctor examine() {
        Doctor doctor = new Doctor();
        doctor.kernel();
        doctor.rights();
        doctor.libraries();
        doctor.types();
        doctor.virtualMachine();
        return doctor;
    }

    /**
     * What was found.
     *
     * @return in the order of the table
     */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    private void add(String area, Status status, String what, String fix) {
        findings.add(new Finding(area, status, what, fix));
    }

    private void feature(String area, Features.Result result, Status otherwise, String fix) {
        add(area, result.isSupported() ? Status.OK : otherwise, result.reason(), result.isSupported() ? "" : fix);
    }

    private void kernel() {
        add(
                "kernel",
                Status.INFO,
                KernelVersion.current().release() + " on " + System.getProperty("os.arch") + ", "
                        + Cpus.online().cardinality() + " of " + Cpus.possible().cardinality()
                        + " possible CPUs online",
                "");
        feature("kernel", Features.btf(), Status.WARN, "a kernel built with CONFIG_DEBUG_INFO_BTF");
        feature("kernel", Features.kprobe(), Status.WARN, "./bcc4j --vm TOOL runs it on a kernel that has");
        feature("kernel", Features.uprobe(), Status.WARN, "./bcc4j --vm TOOL runs it on a kernel that has");
        feature("kernel", Features.programType(5, "tracepoint programs"), Status.FAIL, "see rights below");
        feature("kernel", Features.ringBuffer(), Status.WARN, "Linux 5.8 or newer");
        try {
            add("tracefs", Status.OK, "mounted at " + Probes.tracefs(), "");
        } catch (BpfException e) {
            add(
                    "tracefs",
                    Status.WARN,
                    "not mounted, or not for this user",
                    "mount -t tracefs nodev /sys/kernel/tracing");
        }
        Privileges rights = Privileges.current();
        rights.sysctl("net/core/bpf_jit_enable")
                .ifPresent(v -> add(
                        "kernel",
                        v > 0 ? Status.OK : Status.WARN,
                        "BPF JIT is " + (v > 0 ? "on" : "off"),
                        v > 0 ? "" : "sysctl net.core.bpf_jit_enable=1"));
    }

    private void rights() {
        Privileges rights = Privileges.current();
        boolean all = rights.has(Privileges.Capability.CAP_SYS_ADMIN);
        List<String> missing = new ArrayList<>();
        for (Privileges.Capability c : List.of(Privileges.Capability.CAP_BPF, Privileges.Capability.CAP_PERFMON)) {
            if (!all && !rights.has(c)) {
                missing.add(c.name());
            }
        }
        add(
                "rights",
                missing.isEmpty() ? Status.OK : Status.FAIL,
                missing.isEmpty()
                        ? "this process may load and attach programs"
                        : "lacks " + String.join(" and ", missing),
                missing.isEmpty() ? "" : "run as root, or ./bcc4j --vm TOOL, which needs no rights");
        rights.lockdown()
                .ifPresent(l -> add(
                        "rights",
                        l.equals("confidentiality") ? Status.FAIL : Status.INFO,
                        "kernel lockdown: " + l,
                        l.equals("confidentiality") ? "boot with lockdown=integrity, or without Secure Boot" : ""));
        for (String name :
                List.of("kernel/unprivileged_bpf_disabled", "kernel/perf_event_paranoid", "kernel/kptr_restrict")) {
            rights.sysctl(name).ifPresent(v -> add("rights", Status.INFO, name.replace('/', '.') + " = " + v, ""));
        }
    }

    private void libraries() {
        add("java", Status.INFO, System.getProperty("java.vendor") + " " + Runtime.version(), "");
        Map<String, LibraryFile> found = NativeLibrary.versions();
        library("libbcc", found, Status.FAIL);
        library("libbcc_bpf", found, Status.WARN);
        library("libbpf", found, Status.WARN);
    }

    private void library(String name, Map<String, LibraryFile> found, Status otherwise) {
        LibraryFile file = found.get(name);
        add(
                "library",
                file != null ? Status.OK : otherwise,
                file != null ? file.toString() : name + " is not installed",
                file != null ? "" : "apt-get install libbpfcc");
    }

    private void types() {
        KernelTarget kernel = KernelTarget.running();
        Optional<Path> found = KernelHeaders.places(kernel.release(), System.getenv()).stream()
                .filter(p -> KernelHeaders.at(p).isPresent())
                .findFirst();
        if (System.getenv("BCC_KERNEL_SOURCE") != null) {
            add("types", Status.INFO, "from header files, as BCC_KERNEL_SOURCE is set", "");
        } else if (kernel.btf().isPresent()) {
            add(
                    "types",
                    Status.OK,
                    "from the kernel's BTF, " + kernel.btf().get() + ", and that of "
                            + kernel.modules().size() + " modules; no header files are needed",
                    "");
        } else {
            add(
                    "types",
                    found.isPresent() ? Status.OK : Status.FAIL,
                    "from header files: this kernel has no BTF, or it can't be read",
                    found.isPresent() ? "" : "apt-get install linux-headers-" + kernel.release());
        }
        add(
                "headers",
                Status.INFO,
                found.map(p -> "of this kernel, " + p
                                + (kernel.btf().isPresent() ? ": tried where BTF lacks something" : ""))
                        .orElse("none of this kernel"),
                "");
    }

    private void virtualMachine() {
        boolean qemu = Files.isExecutable(Path.of(
                "/usr/bin/qemu-system-" + (System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64")));
        add(
                "vm",
                qemu ? Status.OK : Status.WARN,
                "QEMU is " + (qemu ? "" : "not ") + "installed",
                qemu ? "" : "apt-get install qemu-system-x86 busybox-static");
    }

    @Override
    public String toString() {
        return findings.stream()
                .map(f -> String.format(
                        "%-8s %-5s %s%s",
                        f.area(),
                        f.status(),
                        f.what(),
                        f.fix().isEmpty() ? "" : "\n" + " ".repeat(15) + "fix: " + f.fix()))
                .collect(Collectors.joining("\n"));
    }
}

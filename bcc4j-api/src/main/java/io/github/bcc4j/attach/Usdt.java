package io.github.bcc4j.attach;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.ElfException;
import io.github.bcc4j.text.SimilarNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The static probes of a program, library or process (USDT: user statically defined tracing), and which functions are to run at which.
 *
 * <p>{@snippet :
 * Usdt usdt = Usdt.of("/usr/lib/jvm/.../libjvm.so").enable("hotspot:thread__start", "on_start");
 * try (BPF bpf = BPF.fromSource("""
 *         BPF_HASH(started, u64, u64);
 *         int on_start(struct pt_regs *ctx) {
 *             u64 id = 0;
 *             bpf_usdt_readarg(3, ctx, &id);
 *             started.increment(id);
 *             return 0;
 *         }
 *         """, CompilerOptions.DEFAULT, usdt)) { ... }
 * }
 *
 * <p>In the C text {@code bpf_usdt_readarg(N, ctx, &variable)} reads argument N, counted from 1, into an integer of its size or a larger one; a
 * smaller one does not compile. {@code bpf_usdt_readarg_p(N, ctx, buffer, length)} reads the memory that argument N points to. Both give 0, or
 * something else if the memory can't be read, and are for the enabled function itself, not for functions that it calls.
 *
 * <p>Immutable; the binaries are read when it is made. Kernel floor: 4.17; 4.20 for probes with a semaphore.
 */
public final class Usdt {
    private static final int SUGGESTIONS = 5;

    private final List<UsdtProbe> probes;
    private final OptionalInt pid;
    private final List<Enabled> enabled;

    /** A probe, and the function that is to run there. */
    record Enabled(UsdtProbe probe, String function, OptionalInt pid) {}

    /**
     * A function, and where it is to be attached.
     *
     * @param spec where
     * @param function its name in the C text
     */
    public record Attachment(UsdtSpec spec, String function) {}

    private Usdt(List<UsdtProbe> probes, OptionalInt pid, List<Enabled> enabled) {
        this.probes = List.copyOf(probes);
        this.pid = pid;
        this.enabled = List.copyOf(enabled);
    }

    /**
     * The static probes of a program or library, in all processes.
     *
     * @param binary a path, or a name as {@link Binaries#find} knows it
     * @return its probes, none of them enabled
     * @throws BpfException if there is no such file
     * @throws ElfException if it can't be read
     */
    public static Usdt of(String binary) {
        return new Usdt(UsdtNotes.read(Binaries.find(binary)), OptionalInt.empty(), List.of());
    }

    /**
     * The static probes of a program or library, in one process.
     *
     * @param binary a path as the process sees it, or a name
     * @param pid the process
     * @return its probes, none of them enabled
     */
    public static Usdt of(String binary, int pid) {
        return new Usdt(UsdtNotes.read(Binaries.find(binary, pid)), OptionalInt.of(pid), List.of());
    }

    /**
     * The static probes of a process: of its program and every library it has loaded by now.
     *
     * @param pid the process
     * @return its probes, none of them enabled
     * @throws BpfException if there is no such process or it can't be looked into
     */
    public static Usdt ofProcess(int pid) {
        UprobeSpec.checkPid(pid);
        Path root = Binaries.root(OptionalInt.of(pid));
        List<UsdtProbe> all = new ArrayList<>();
        for (String file : Binaries.mappedFiles(Path.of("/proc/" + pid + "/maps"))) {
            try {
                all.addAll(UsdtNotes.read(root.resolve(file.substring(1))));
            } catch (ElfException e) {
                // mapped, but no program: a JVM's archive of classes, a device
            }
        }
        return new Usdt(all, OptionalInt.of(pid), List.of());
    }

    /**
     * The probes there are.
     *
     * @return in the order of the binaries
     */
    public List<UsdtProbe> probes() {
        return probes;
    }

    /**
     * The process whose probes these are.
     *
     * @return its id; empty for all processes
     */
    public OptionalInt pid() {
        return pid;
    }

    /**
     * These probes with one more enabled: wherever a binary has it, a function is to run. A function may be enabled for several probes, and
     * a probe for several functions.
     *
     * @param probe {@code provider:name}, or a name that only one provider has
     * @param function a function of the C text
     * @return the probes
     * @throws IllegalArgumentException if there is no such probe, or several providers have it
     */
    public Usdt enable(String probe, String function) {
        Objects.requireNonNull(probe, "probe");
        if (!function.matches("[A-Za-z_]\\w*")) {
            throw new IllegalArgumentException("not the name of a C function: \"" + function + '"');
        }
        List<UsdtProbe> found = probes.stream()
                .filter(p -> probe.equals(p.fullName()) || probe.equals(p.name()))
                .toList();
        List<String> names = found.stream().map(UsdtProbe::fullName).distinct().toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException(notThere(probe));
        }
        if (names.size() > 1) {
            throw new IllegalArgumentException(
                    "several providers have a static probe " + probe + ": " + String.join(", ", names));
        }
        List<Enabled> more = new ArrayList<>(enabled);
        found.forEach(p -> more.add(new Enabled(p, function, pid)));
        return new Usdt(probes, pid, more);
    }

    private String notThere(String probe) {
        if (probes.isEmpty()) {
            return "there is no static probe " + probe + ": the binary has none at all, so it was built without"
                    + " (sys/sdt.h, --enable-dtrace, --enable-systemtap)";
        }
        List<String> all = probes.stream()
                .map(p -> probe.contains(":") ? p.fullName() : p.name())
                .distinct()
                .toList();
        List<String> near = SimilarNames.of(all, probe, SUGGESTIONS);
        return "there is no static probe " + probe + "; "
                + (near.isEmpty()
                        ? "there are " + probes.size() + " of "
                                + probes.stream()
                                        .map(UsdtProbe::provider)
                                        .distinct()
                                        .collect(Collectors.joining(", "))
                        : "there is " + String.join(", ", near));
    }

    List<Enabled> enabled() {
        return enabled;
    }

    /**
     * The C text that defines how the functions read the arguments of the probes they are enabled for, to be put before a program's own. {@code
     * BPF.fromSource} with a {@code Usdt} does so by itself.
     *
     * @param all the probes
     * @return whole lines
     * @throws BpfException if a probe's copies can't be told apart on this kernel
     */
    public static String text(Usdt... all) {
        return new UsdtText(all).text();
    }

    /**
     * Where the functions are to be attached, for a program that was compiled with {@link #text}.
     *
     * @param all the same probes in the same order
     * @return one for each enabled probe
     */
    public static List<Attachment> attachments(Usdt... all) {
        return new UsdtText(all).attachments();
    }

    @Override
    public String toString() {
        return "Usdt[" + probes.size() + " probes, " + enabled.size() + " enabled]";
    }
}

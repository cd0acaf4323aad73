package io.github.bcc4j.attach;

import io.github.bcc4j.BpfException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the running kernel lets itself be probed at: its functions and tracepoints. Thread-safe; every call looks anew. */
public final class Probes {
    private Probes() {}

    /** How architectures name the functions that system calls enter by. */
    private static final List<String> SYSCALL_PREFIXES = List.of(
            "__x64_sys_",
            "__arm64_sys_",
            "__riscv_sys_",
            "__s390x_sys_",
            "__s390_sys_",
            "__x32_compat_sys_",
            "__ia32_compat_sys_",
            "sys_");

    /** Functions that look traceable and are not: other names of the same code, and what the tracer itself runs through. */
    private static final Pattern UNTRACEABLE = Pattern.compile(
            ".*\\.cold(\\.\\d+)?|__SC[TK]__.*|_kbl_addr_.*|__perf_.*|perf_.*|__cfi_.*|__pfx_.*|bpf_prog_.*|.*\\.llvm\\.\\d+");

    private static final Path KALLSYMS = Path.of("/proc/kallsyms");
    private static final Path BLACKLIST = Path.of("/sys/kernel/debug/kprobes/blacklist");

    /**
     * The kernel function that a system call enters by.
     *
     * @param name the call, as in its man page: {@code clone}
     * @return its symbol: {@code __x64_sys_clone} on x86-64
     */
    public static String syscallName(String name) {
        return syscallPrefix() + name;
    }

    private static String syscallPrefix() {
        Set<String> wanted = SYSCALL_PREFIXES.stream().map(p -> p + "bpf").collect(Collectors.toSet());
        return symbols(wanted::contains)
                .min((a, b) -> SYSCALL_PREFIXES.indexOf(a.substring(0, a.length() - 3))
                        - SYSCALL_PREFIXES.indexOf(b.substring(0, b.length() - 3)))
                .map(s -> s.substring(0, s.length() - 3))
                .orElse(System.getProperty("os.arch").equals("aarch64") ? "__arm64_sys_" : "__x64_sys_");
    }

    /**
     * A system call's entry function as this kernel names it, whichever kernel's name is given.
     *
     * @param function a kernel function
     * @return the same function, or this kernel's name for it if it is a system call's
     */
    public static String fixSyscallName(String function) {
        return SYSCALL_PREFIXES.stream()
                .filter(function::startsWith)
                .findFirst()
                .map(p -> syscallName(function.substring(p.length())))
                .orElse(function);
    }

    /** Names of the kernel's text symbols; readable by all, though their addresses may be hidden. */
    private static Stream<String> symbols(Predicate<String> wanted) {
        try (Stream<String> lines = Files.lines(KALLSYMS, StandardCharsets.ISO_8859_1)) {
            // ffffffff81000000 T name [module]
            return lines
                    .map(l -> l.split("[ \t]"))
                    .filter(f -> f.length >= 3 && (f[1].equalsIgnoreCase("t") || f[1].equals("W")))
                    .map(f -> f[2])
                    .filter(wanted)
                    .toList()
                    .stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.empty();
        }
    }

    /**
     * The kernel functions that can be probed, as far as the kernel tells, whose whole name matches.
     *
     * @param names which
     * @return each once, in the kernel's order
     */
    public static List<String> kernelFunctions(Pattern names) {
        Predicate<String> matches = names.asMatchPredicate();
        Set<String> blacklist = blacklist();
        Set<String> traceable = traceable().orElse(null);
        return symbols(s -> matches.test(s)
                        && !UNTRACEABLE.matcher(s).matches()
                        && !blacklist.contains(s)
                        && (traceable == null || traceable.contains(s)))
                .distinct()
                .toList();
    }

    private static Optional<Set<String>> traceable() {
        try (Stream<String> lines = Files.lines(Tracefs.root().resolve("available_filter_functions"))) {
            return Optional.of(
                    lines.map(l -> l.split("[ \t]")[0]).collect(Collectors.toCollection(LinkedHashSet::new)));
        } catch (IOException | UncheckedIOException | BpfException e) {
            return Optional.empty(); // built without ftrace, or locked down: kallsyms has to do
        }
    }

    private static Set<String> blacklist() {
        try (Stream<String> lines = Files.lines(BLACKLIST)) {
            // 0xffffffff81000000-0xffffffff81000010  name
            return lines.map(l -> l.substring(l.indexOf('\t') + 1)).collect(Collectors.toSet());
        } catch (IOException | UncheckedIOException e) {
            return Set.of();
        }
    }

    /**
     * Why a function can't be probed, and what could be instead.
     *
     * @param function the kernel function
     * @return a sentence
     */
    public static String explain(String function) {
        Pattern copies = Pattern.compile(Pattern.quote(function) + "\\.(isra|constprop|part|cold)\\.?\\d*.*");
        List<String> found = symbols(
                        s -> s.equals(function) || copies.matcher(s).matches())
                .distinct()
                .toList();
        if (found.contains(function)) {
            if (blacklist().contains(function)) {
                return function
                        + " is on the kernel's kprobe blacklist: probing it could recurse into the probe itself";
            }
            if (traceable().map(t -> !t.contains(function)).orElse(false)) {
                return function
                        + " exists but is not traceable (marked notrace, or its offset is no instruction's start)";
            }
            return function + " exists; the kernel gave no reason. An offset must be the start of an instruction";
        }
        if (!found.isEmpty()) {
            return function + " has been split up by the compiler; there is " + String.join(", ", found);
        }
        String lower = function.toLowerCase(java.util.Locale.ROOT);
        List<String> similar = symbols(s ->
                        s.length() > 3 && (s.contains(lower) || lower.contains(s) && s.length() > lower.length() / 2))
                .filter(s -> !UNTRACEABLE.matcher(s).matches())
                .distinct()
                .sorted((a, b) -> Math.abs(a.length() - lower.length()) - Math.abs(b.length() - lower.length()))
                .limit(5)
                .toList();
        return "this kernel has no function " + function + " (it may be inlined, or named otherwise)"
                + (similar.isEmpty() ? "" : "; there is " + String.join(", ", similar));
    }

    /**
     * Where the tracing file system is mounted.
     *
     * @return {@code /sys/kernel/tracing}, or where debugfs has it
     * @throws BpfException if it is not mounted, with the command that does it
     */
    public static Path tracefs() {
        return Tracefs.root();
    }

    /**
     * Whether a tracepoint exists.
     *
     * @param category its category
     * @param name its name
     * @return true if so
     * @throws BpfException if the tracing file system is not mounted
     */
    public static boolean tracepointExists(String category, String name) {
        return Files.exists(folder(category, name).resolve("id"));
    }

    private static Path folder(String category, String name) {
        return Tracefs.root().resolve("events").resolve(category).resolve(name);
    }

    /**
     * The number perf_event_open(2) knows a tracepoint by.
     *
     * @param category its category
     * @param name its name
     * @return its id
     * @throws BpfException if there is no such tracepoint, or it can't be read
     */
    public static long tracepointId(String category, String name) {
        return Long.parseLong(read(category, name, "id").strip());
    }

    /**
     * The description of a tracepoint's fields.
     *
     * @param category its category
     * @param name its name
     * @return its format file
     * @throws BpfException if there is no such tracepoint, or it can't be read
     */
    public static String tracepointFormat(String category, String name) {
        return read(category, name, "format");
    }

    private static String read(String category, String name, String file) {
        try {
            return Files.readString(folder(category, name).resolve(file));
        } catch (NoSuchFileException e) {
            List<String> others = tracepoints(Pattern.compile("[^:]*:" + Pattern.quote(name)));
            String hint = others.isEmpty() ? null : "there is " + String.join(", ", others);
            throw new BpfException("this kernel has no tracepoint " + category + ":" + name, hint, e);
        } catch (IOException e) {
            throw new BpfException(
                    "can't read tracepoint " + category + ":" + name,
                    "the tracing file system is for root, unless mounted otherwise: mount -o remount,gid=GROUP,mode=750"
                            + " /sys/kernel/tracing",
                    e);
        }
    }

    /**
     * The tracepoints whose whole {@code category:name} matches.
     *
     * @param names which
     * @return each, sorted
     * @throws BpfException if the tracing file system is not mounted
     */
    public static List<String> tracepoints(Pattern names) {
        Predicate<String> matches = names.asMatchPredicate();
        Path events = Tracefs.root().resolve("events");
        try (Stream<Path> found = Files.find(events, 3, (p, a) -> p.endsWith("id"))) {
            return found.map(p -> events.relativize(p.getParent()))
                    .filter(p -> p.getNameCount() == 2)
                    .map(p -> p.getName(0) + ":" + p.getName(1))
                    .filter(matches)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new BpfException("can't list the tracepoints below " + events, null, e);
        }
    }
}

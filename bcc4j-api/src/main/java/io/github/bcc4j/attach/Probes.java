package io.github.bcc4j.attach;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfSymbol;
import io.github.bcc4j.elf.ElfSymbols;
import io.github.bcc4j.text.SimilarNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the running kernel lets itself be probed at: its functions and tracepoints. Thread-safe; every call looks anew.
 *
 * <p>Functions come from {@code /proc/kallsyms}, whose names all may read; root's {@code available_filter_functions} and {@code
 * kprobes/blacklist} make the answers sharper where they can be read.
 */
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

    private static final int SUGGESTIONS = 5;
    private static final Path MACHINE = Path.of("/");
    private static final KernelFunctions FUNCTIONS = new KernelFunctions(MACHINE);

    /** The running kernel's, which can't change. */
    private static final class Prefix {
        private static final String CURRENT = syscallPrefix(FUNCTIONS, System.getProperty("os.arch"));
    }

    /**
     * The kernel function that a system call enters by.
     *
     * @param name the call, as in its man page: {@code clone}
     * @return its symbol: {@code __x64_sys_clone} on x86-64
     */
    public static String syscallName(String name) {
        return Prefix.CURRENT + name;
    }

    /** As the symbols tell; without them, as kernels since 4.17 (x86-64) and 4.19 (Arm) name them. */
    static String syscallPrefix(KernelFunctions functions, String arch) {
        try {
            Optional<String> known = functions.first(
                    SYSCALL_PREFIXES.stream().map(p -> p + "bpf").toList());
            if (known.isPresent()) {
                return known.get().substring(0, known.get().length() - "bpf".length());
            }
        } catch (BpfException e) {
            // no /proc: the architecture has to do
        }
        return arch.equals("aarch64") ? "__arm64_sys_" : "__x64_sys_";
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

    /**
     * The kernel functions that can be probed by name, as far as the kernel tells, whose whole name matches. Left out are those on
     * the kernel's blacklist, those that perf events themselves run through, and names that several functions have, since
     * kernels refuse these (Linux 6.7, and older ones as patched by distributions).
     *
     * @param names which
     * @return each once, in the kernel's order
     * @throws BpfException if {@code /proc} is not mounted
     */
    public static List<String> kernelFunctions(Pattern names) {
        return FUNCTIONS.matching(names.asMatchPredicate());
    }

    /**
     * Whether the kernel has a function of a name, traceable or not.
     *
     * @param function the name
     * @return true if its symbol table has it
     * @throws BpfException if {@code /proc} is not mounted
     */
    public static boolean exists(String function) {
        return FUNCTIONS.first(List.of(function)).isPresent();
    }

    /**
     * Whether nothing is known to speak against probing a function by its name.
     *
     * @param function the kernel function
     * @return false if it does not exist, is blacklisted, not traceable, or shares its name
     * @throws BpfException if {@code /proc} is not mounted
     */
    public static boolean isTraceable(String function) {
        return FUNCTIONS.obstacle(function).isEmpty();
    }

    /**
     * Why a function can't be probed, and what could be instead.
     *
     * @param function the kernel function
     * @return a sentence
     * @throws BpfException if {@code /proc} is not mounted
     */
    public static String explain(String function) {
        return FUNCTIONS
                .obstacle(function)
                .orElse(function + " exists; the kernel gave no reason. An offset must be the start of an instruction");
    }

    /**
     * Where the tracing file system is mounted.
     *
     * @return {@code /sys/kernel/tracing}, or where debugfs has it
     * @throws BpfException if it is not mounted, with the command that does it
     */
    public static Path tracefs() {
        return Tracefs.root(MACHINE);
    }

    /**
     * Whether a tracepoint exists.
     *
     * @param category its category
     * @param name its name
     * @return true if so, or if this user may not know
     * @throws BpfException if the tracing file system is not mounted
     */
    public static boolean tracepointExists(String category, String name) {
        return !Files.notExists(folder(category, name).resolve("id"));
    }

    /**
     * The tracepoints that someone may have meant: those of the same name in other categories, else those whose names are nearly so.
     *
     * @param category a category
     * @param name a name that is not in it
     * @return {@code there is sched:sched_switch}, empty if none is near
     * @throws BpfException if the tracing file system is not mounted
     */
    public static Optional<String> similarTracepoints(String category, String name) {
        List<String> all = tracepoints(Pattern.compile(".*"));
        List<String> same = all.stream().filter(t -> t.endsWith(':' + name)).toList();
        return thereIs(same.isEmpty() ? SimilarNames.of(all, category + ':' + name, SUGGESTIONS) : same);
    }

    /**
     * The raw tracepoints that someone may have meant, as far as tracepoints of the same names tell.
     *
     * @param name a name that is none of theirs
     * @return {@code there is sched_switch}, empty if none is near
     */
    public static Optional<String> similarRawTracepoints(String name) {
        if (name.matches("sys_(enter|exit)_.*")) {
            return Optional.of("all system calls share sys_enter and sys_exit");
        }
        try {
            Stream<String> names = tracepoints(Pattern.compile("(?!syscalls:).*")).stream();
            return thereIs(SimilarNames.of(
                    names.map(t -> t.substring(t.indexOf(':') + 1)).toList(), name, SUGGESTIONS));
        } catch (BpfException e) {
            return Optional.empty(); // this user may not see them
        }
    }

    private static Optional<String> thereIs(List<String> names) {
        return names.isEmpty() ? Optional.empty() : Optional.of("there is " + String.join(", ", names));
    }

    private static Path folder(String category, String name) {
        return Tracefs.root(MACHINE).resolve("events").resolve(category).resolve(name);
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
            String hint = similarTracepoints(category, name).orElse(null);
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
        Path events = Tracefs.root(MACHINE).resolve("events");
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

    /**
     * The functions of a program or library whose whole names match.
     *
     * @param binary a path, the name of a program, or of a library such as {@code c}
     * @param names which
     * @return each once, sorted; none of a file without symbols
     * @throws BpfException if there is no such file, or it is no ELF file
     */
    public static List<String> userFunctions(String binary, Pattern names) {
        try (ElfFile elf = ElfFile.open(Binaries.find(binary))) {
            return ElfSymbols.of(elf, MACHINE).stream()
                    .filter(ElfSymbol::isFunction)
                    .map(ElfSymbol::name)
                    .filter(names.asMatchPredicate())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }
}

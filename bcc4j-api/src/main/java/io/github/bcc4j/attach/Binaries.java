package io.github.bcc4j.attach;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.ElfException;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfSymbol;
import io.github.bcc4j.elf.ElfSymbols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs and libraries as files to be probed: where they are, and which functions they have. Thread-safe; every call looks anew.
 */
public final class Binaries {
    private Binaries() {}

    private static final Path MACHINE = Path.of("/");
    private static final List<String> FOLDERS = List.of(
            "lib64", "usr/lib64", "lib", "usr/lib", "usr/local/lib", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu");

    /**
     * A function of a binary.
     *
     * @param name its symbol, with a version if it has one: {@code memcpy@@GLIBC_2.14}
     * @param address where it is, before the file is placed in a process
     * @param size how many bytes; 0 if the file does not say
     * @param fileOffset where it is in the file
     */
    public record Function(String name, long address, long size, long fileOffset) {}

    /**
     * Finds a program or library.
     *
     * @param name a path; or a library's name ({@code c}, {@code libc}, {@code libc.so.6}, {@code c.so.6}), which the dynamic linker's cache and the usual
     *     folders are searched for; or else a command, searched for in {@code PATH}
     * @return an absolute path
     * @throws BpfException if there is none, with the places that were searched
     */
    public static Path find(String name) {
        return find(name, OptionalInt.empty(), MACHINE);
    }

    /**
     * Finds a program or library as a process sees it, which may be in a container: first among the files it has mapped, then as {@link
     * #find(String)} does below its root folder.
     *
     * @param name as for {@link #find(String)}
     * @param pid the process
     * @return an absolute path, which begins with {@code /proc/PID/root}
     * @throws BpfException if there is none, with the places that were searched
     */
    public static Path find(String name, int pid) {
        UprobeSpec.checkPid(pid);
        return find(name, OptionalInt.of(pid), MACHINE);
    }

    static Path find(String name, OptionalInt pid, Path machine) {
        Path root = pid.isPresent() ? machine.resolve("proc/" + pid.getAsInt() + "/root") : machine;
        if (pid.isPresent() && !Files.isDirectory(root)) {
            throw new BpfException(
                    "can't look for " + name + " in process " + pid.getAsInt(),
                    "there is no such process, or " + root + " is not for this user to see",
                    null);
        }
        if (name.contains("/")) {
            return byPath(name, root);
        }
        List<String> tried = new ArrayList<>();
        return mapped(name, pid, machine, root, tried)
                .or(() -> cached(name, root, tried))
                .or(() -> inFolders(libraryName(name), FOLDERS, root, tried))
                .or(() -> inFolders(name::equals, path(), root, tried))
                .orElseThrow(() -> new BpfException(
                        "there is no library or command \"" + name + '"',
                        "looked in " + String.join(", ", tried) + "; give an absolute path",
                        null));
    }

    private static Path byPath(String name, Path root) {
        try {
            Path path = Path.of(name).toAbsolutePath().normalize();
            return path.startsWith("/proc") ? path : root.resolve(Path.of("/").relativize(path));
        } catch (InvalidPathException e) {
            throw new BpfException("not a path: \"" + name + '"', null, e);
        }
    }

    /** {@code c} is {@code libc.so.6}, and so are {@code libc} and {@code c.so.6}. */
    private static Predicate<String> libraryName(String name) {
        String plain = name.startsWith("lib") ? name.substring(3) : name;
        Predicate<String> matches = Pattern.compile("lib" + Pattern.quote(plain) + "\\.so(\\.[\\w.]+)?")
                .asMatchPredicate();
        return name.contains(".so") ? file -> file.equals(name) || file.equals("lib" + name) : matches;
    }

    private static Optional<Path> mapped(String name, OptionalInt pid, Path machine, Path root, List<String> tried) {
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        Path maps = machine.resolve("proc/" + pid.getAsInt() + "/maps");
        tried.add(maps.toString());
        Predicate<String> library = libraryName(name);
        return mappedFiles(maps).stream()
                .filter(f -> {
                    String file = f.substring(f.lastIndexOf('/') + 1);
                    return library.test(file) || file.equals(name);
                })
                .map(f -> root.resolve(f.substring(1)))
                .findFirst();
    }

    /** The files whose code a process has mapped, by their paths in its mount namespace. */
    static List<String> mappedFiles(Path maps) {
        // 7f0000000000-7f0000001000 r-xp 00000000 08:01 1234    /usr/lib/libc.so.6
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.map(l -> l.split("\\s+", 6))
                    .filter(f -> f.length == 6 && f[1].contains("x") && f[5].startsWith("/"))
                    .map(f -> f[5])
                    .filter(f -> !f.endsWith(" (deleted)"))
                    .distinct()
                    .toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new BpfException(
                    "can't read " + maps, "it is for the user of that process and for root, who has CAP_SYS_PTRACE", e);
        }
    }

    private static Optional<Path> cached(String name, Path root, List<String> tried) {
        tried.add(root.resolve("etc/ld.so.cache").toString());
        Predicate<String> library = libraryName(name);
        return LibraryCache.read(root).stream()
                .filter(e -> library.test(e.name()))
                .map(e -> root.resolve(e.path().substring(1)))
                .filter(Binaries::runsHere)
                .findFirst();
    }

    private static List<String> path() {
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .filter(f -> f.startsWith("/"))
                .map(f -> f.substring(1))
                .toList();
    }

    private static Optional<Path> inFolders(
            Predicate<String> name, List<String> folders, Path root, List<String> tried) {
        LinkedHashSet<Path> found = new LinkedHashSet<>();
        for (String f : folders) {
            Path folder = root.resolve(f);
            if (Files.isDirectory(folder)) {
                tried.add(folder.toString());
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(p -> name.test(p.getFileName().toString()))
                            .sorted()
                            .forEach(found::add);
                } catch (IOException e) {
                    tried.add("(which can't be read)");
                }
            }
        }
        return found.stream().filter(Binaries::runsHere).findFirst();
    }

    /** An ELF file for the processor and word size of this JVM; of several libraries of a name only that one is meant. */
    private static boolean runsHere(Path path) {
        int machine = System.getProperty("os.arch").equals("aarch64") ? 183 : 62;
        try (ElfFile elf = ElfFile.open(path)) {
            return elf.isWide() && elf.machine() == machine;
        } catch (ElfException e) {
            return false;
        }
    }

    /**
     * Where the files of a process are.
     *
     * @param pid the process; empty for this one
     * @return its root folder
     */
    public static Path root(OptionalInt pid) {
        return pid.isPresent() ? MACHINE.resolve("proc/" + pid.getAsInt() + "/root") : MACHINE;
    }

    /**
     * The functions of a program or library whose whole name, without version, matches. Functions that are chosen when the program starts
     * (indirect ones) are left out, for their symbols do not lead to them.
     *
     * @param binary its path
     * @param pid the process whose files have its separate debug file, if it has one; empty for this one
     * @param names which
     * @return by address, each address once
     * @throws ElfException if it can't be read
     */
    public static List<Function> functions(Path binary, OptionalInt pid, Pattern names) {
        Predicate<String> matches = names.asMatchPredicate();
        try (ElfFile elf = ElfFile.open(binary)) {
            return ElfSymbols.of(elf, root(pid)).stream()
                    .filter(s -> s.kind() == ElfSymbol.Kind.FUNCTION && matches.test(s.name()))
                    .filter(s -> elf.offset(s.address()).isPresent())
                    .map(s -> new Function(
                            s.fullName(),
                            s.address(),
                            s.size(),
                            elf.offset(s.address()).getAsLong()))
                    .filter(f -> elf.isCode(f.fileOffset()))
                    .collect(Collectors.toMap(Function::address, f -> f, (a, b) -> a))
                    .values()
                    .stream()
                    .sorted(Comparator.comparingLong(Function::address))
                    .toList();
        }
    }

    /**
     * The functions of a program or library whose whole name, without version, matches.
     *
     * @param binary a path, or a name as for {@link #find(String)}
     * @param names which
     * @return by address, each address once
     * @throws BpfException if there is no such file
     * @throws ElfException if it can't be read
     */
    public static List<Function> functions(String binary, Pattern names) {
        return functions(find(binary), OptionalInt.empty(), names);
    }
}

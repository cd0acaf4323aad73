package io.github.bcc4j.ffm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Finds a library and lets it in if it is new enough. A path given as a system property is the only one tried; else the dynamic
 * linker is asked for the soname, then the usual directories are looked into (some are not the linker's until ldconfig ran).
 *
 * @param properties the system properties
 * @param directories where to look besides
 */
record LibraryFinder(UnaryOperator<String> properties, List<Path> directories) {
    /** 0.25 gave functions the parameters that the bindings have. */
    private static final LibraryVersion OLDEST = new LibraryVersion(0, 25, 0);

    /** Came with 0.25; asked where the file's name tells no version. */
    private static final String SINCE_OLDEST = "__so_calc_global_addr";

    /** The libraries there are, the most capable first. */
    enum Library {
        LIBBCC("libbcc", 0, "bpf_module_create_c_from_string"),
        LIBBCC_BPF("libbcc_bpf", 0, "bcc_symcache_new"),
        LIBBPF("libbpf", 1, "libbpf_version_string");

        final String text;
        final String soname;
        final String property;
        final String mark;

        Library(String text, int soVersion, String mark) {
            this.text = text;
            this.soname = text + ".so." + soVersion;
            this.property = "bcc4j." + text;
            this.mark = mark;
        }
    }

    /** An open library. */
    record Opened(Library library, LibraryFile file, DynamicLinker.Handle handle) {}

    static LibraryFinder system() {
        String multiarch = System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu";
        return new LibraryFinder(
                System::getProperty,
                Stream.of("/usr/local/lib", "/usr/local/lib64", "/usr/lib/" + multiarch, "/usr/lib64", "/usr/lib")
                        .map(Path::of)
                        .toList());
    }

    /** Opens the first usable one; what was wrong with those before it goes to {@code tried}, a line each. */
    Optional<Opened> open(Library library, List<String> tried) {
        for (String candidate : candidates(library)) {
            try {
                return Optional.of(admit(library, DynamicLinker.open(candidate)));
            } catch (UnsatisfiedLinkError e) {
                String origin = properties.apply(library.property) == null ? "" : " (" + library.property + ")";
                String why = e.getMessage();
                String repeated = candidate + ": "; // dlopen begins so, unless it was a library below that failed
                tried.add(candidate + origin + ": "
                        + (why.startsWith(repeated) ? why.substring(repeated.length()) : why));
            }
        }
        return Optional.empty();
    }

    /** The file that {@link #open} would most likely open, found without opening it. */
    Optional<LibraryFile> locate(Library library, List<Path> first) {
        String explicit = properties.apply(library.property);
        Stream<Path> files = explicit != null
                ? Stream.of(Path.of(explicit))
                : Stream.concat(first.stream(), directories.stream()).map(d -> d.resolve(library.soname));
        return files.filter(Files::exists).findFirst().map(f -> describe(library, f));
    }

    /** What {@link #open} tries, in order. */
    List<String> candidates(Library library) {
        String explicit = properties.apply(library.property);
        if (explicit != null) {
            return List.of(Path.of(explicit).toAbsolutePath().toString());
        }
        List<String> candidates = new ArrayList<>(List.of(library.soname));
        directories.forEach(d -> candidates.add(d.resolve(library.soname).toString()));
        return candidates;
    }

    private static Opened admit(Library library, DynamicLinker.Handle handle) {
        var mark = handle.find(library.mark)
                .orElseThrow(() ->
                        new UnsatisfiedLinkError("it is no " + library.text + ", " + library.mark + " is missing"));
        LibraryFile file = describe(library, DynamicLinker.fileOf(mark));
        if (library != Library.LIBBPF) {
            boolean recent = file.version()
                    .map(v -> v.compareTo(OLDEST) >= 0)
                    .orElseGet(() -> handle.find(SINCE_OLDEST).isPresent());
            if (!recent) {
                String found = file.version().map(Object::toString).orElse("older (" + SINCE_OLDEST + " is missing)");
                throw new UnsatisfiedLinkError("0.25 or later is required, " + file.path() + " is " + found);
            }
        }
        return new Opened(library, file, handle);
    }

    private static LibraryFile describe(Library library, Path file) {
        Path real;
        try {
            real = file.toRealPath();
        } catch (IOException e) {
            real = file.toAbsolutePath(); // deleted since it was opened: the name is still the best there is
        }
        return new LibraryFile(library.text, real, LibraryVersion.of(real));
    }
}

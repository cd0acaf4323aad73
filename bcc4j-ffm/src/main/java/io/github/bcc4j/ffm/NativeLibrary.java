package io.github.bcc4j.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds native libraries: an explicit path first, then the usual folders.
 *
 * <p>libbcc has no function that tells its version; the name of its file does ({@code libbcc.so.0.26.0}). Its functions have had
 * the same signatures since 0.25, so anything older is refused before it is called.
 */
public final class NativeLibrary {
    /** Loads LLVM: for the compile process. */
    public static final NativeLibrary LIBBCC = new NativeLibrary("libbcc", "libbcc.so.0", "bcc4j.libbcc");

    /** libbcc without its compiler. */
    public static final NativeLibrary LIBBCC_BPF =
            new NativeLibrary("libbcc_bpf", "libbcc_bpf.so.0", "bcc4j.libbcc_bpf");

    /** What libbcc itself is built on. */
    public static final NativeLibrary LIBBPF = new NativeLibrary("libbpf", "libbpf.so.1", "bcc4j.libbpf");

    private static final int[] OLDEST_LIBBCC = {0, 25};
    private static final Pattern VERSION = Pattern.compile("\\.so\\.(\\d+)\\.(\\d+)(?:\\.\\d+)*$");

    private final String name;
    private final String soname;
    private final String property;

    private NativeLibrary(String name, String soname, String property) {
        this.name = name;
        this.soname = soname;
        this.property = property;
    }

    /** Where it is looked for, in this order. */
    private List<Path> candidates() {
        String explicit = System.getProperty(property);
        if (explicit != null) {
            return List.of(Path.of(explicit));
        }
        List<Path> paths = new ArrayList<>();
        String triple = System.getProperty("os.arch").equals("aarch64") ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        for (String folder :
                List.of("/usr/local/lib", "/usr/lib/" + triple, "/lib/" + triple, "/usr/lib64", "/usr/lib")) {
            paths.add(Path.of(folder, soname));
        }
        return paths;
    }

    /**
     * The file, if there is one.
     *
     * @return its real path, which carries its version
     */
    public Optional<Path> path() {
        return candidates().stream().filter(Files::isReadable).findFirst().map(NativeLibrary::real);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    /**
     * The version its file's name tells.
     *
     * @return {@code 0.26.0}, empty if the name does not tell or there is no file
     */
    public Optional<String> version() {
        return path().flatMap(NativeLibrary::version);
    }

    static Optional<String> version(Path path) {
        Matcher m = VERSION.matcher(path.getFileName().toString());
        return m.find() ? Optional.of(m.group().substring(4)) : Optional.empty();
    }

    /**
     * Opens the library for the rest of the process.
     *
     * @return its symbols, and those of the libraries it needs
     * @throws NativeLibraryException if it is not there, too old or can't be loaded
     */
    public SymbolLookup open() {
        Path path = path().orElseThrow(() -> new NativeLibraryException(missing(candidates(), "no such file")));
        version(path).ifPresent(v -> refuseOld(path, v));
        try {
            return SymbolLookup.libraryLookup(path, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new NativeLibraryException(missing(List.of(path), e.getMessage()));
        } catch (IllegalCallerException e) {
            throw new NativeLibraryException("this JVM may not load " + path
                    + ": start it with --enable-native-access=io.github.bcc4j.ffm (or ALL-UNNAMED on the class path)");
        }
    }

    void refuseOld(Path path, String version) {
        if (this == LIBBPF) {
            return;
        }
        String[] parts = version.split("\\.");
        int major = Integer.parseInt(parts[0]);
        int minor = Integer.parseInt(parts[1]);
        if (major < OLDEST_LIBBCC[0] || major == OLDEST_LIBBCC[0] && minor < OLDEST_LIBBCC[1]) {
            throw new NativeLibraryException(
                    name + " is too old: " + path + " is version " + version + ", 0.25 or newer is needed");
        }
    }

    private String missing(List<Path> tried, String why) {
        StringBuilder text = new StringBuilder(name + " can't be loaded. Tried:");
        tried.forEach(path -> text.append("\n  ").append(path).append(": ").append(why));
        return text.append(
                        "\nInstall it (Debian, Ubuntu: apt-get install libbpfcc; Fedora: dnf install bcc), or set the system"
                                + " property ")
                .append(property)
                .append(" to its path.")
                .toString();
    }
}

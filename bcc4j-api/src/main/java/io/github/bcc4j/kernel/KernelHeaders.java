package io.github.bcc4j.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A kernel's header files: one folder, or two where the distribution keeps the common part apart (Debian).
 *
 * @param folder the kernel's own folder
 * @param common the folder its makefile includes, if there is one
 * @param release the kernel they belong to, as far as the folder's name tells
 */
public record KernelHeaders(Path folder, Optional<Path> common, String release) {
    private static final Path USR_SRC = Path.of("/usr/src");
    private static final String PREFIX = "linux-headers-";
    private static final Pattern RELEASE = Pattern.compile("\\d+\\.\\d+[\\w.+~-]*");
    private static final Pattern INCLUDED = Pattern.compile("(?m)^include (\\S+)/Makefile\\s*$");

    /**
     * The base folder of what bcc4j keeps for itself: the system property {@code bcc4j.cache}, else {@code
     * $XDG_CACHE_HOME/bcc4j}, else {@code ~/.cache/bcc4j}.
     *
     * @return the folder, which need not exist
     */
    public static Path cache() {
        String property = System.getProperty("bcc4j.cache");
        if (property != null && !property.isEmpty()) {
            return Path.of(property).toAbsolutePath();
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && xdg.startsWith("/")) {
            return Path.of(xdg, "bcc4j");
        }
        String home = System.getenv("HOME");
        return Path.of(
                home != null && home.startsWith("/") ? home : System.getProperty("user.home"), ".cache", "bcc4j");
    }

    /**
     * The places where a kernel's headers are looked for, in this order.
     *
     * @param release as {@code uname -r} tells it
     * @param environment the process environment; {@code BCC_KERNEL_SOURCE} in it goes first
     * @return folders that need not exist
     * @throws IllegalArgumentException if the release does not look like one
     */
    public static List<Path> places(String release, Map<String, String> environment) {
        requireRelease(release);
        List<Path> places = new ArrayList<>();
        if (environment.containsKey("BCC_KERNEL_SOURCE")) {
            places.add(Path.of(environment.get("BCC_KERNEL_SOURCE")));
        }
        places.add(Path.of("/lib/modules", release, "build"));
        places.add(USR_SRC.resolve(PREFIX + release));
        places.add(cachedRoot(release).resolve("usr/src").resolve(PREFIX + release));
        return places;
    }

    /**
     * Refuses what can't be a kernel release, and might be a way to other folders.
     *
     * @param release as {@code uname -r} tells it
     * @throws IllegalArgumentException if it does not look like a release
     */
    public static void requireRelease(String release) {
        if (!RELEASE.matcher(release).matches()) {
            throw new IllegalArgumentException("not a kernel release: \"" + release + '"');
        }
    }

    /**
     * The folder into which a kernel's packages are unpacked for virtual machines.
     *
     * @param release the kernel
     * @return the folder, which need not exist
     */
    public static Path cachedRoot(String release) {
        return cache().resolve("kernels").resolve(release).resolve("root");
    }

    /**
     * A kernel's headers, if a folder holds them.
     *
     * @param folder the kernel's own folder
     * @return the headers, empty if the folder has none
     */
    public static Optional<KernelHeaders> at(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        String name = real(folder).getFileName().toString();
        String release = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        Optional<Path> common = common(folder);
        KernelHeaders headers = new KernelHeaders(folder, common, release);
        return Files.exists(common.orElse(folder).resolve("include/linux/kconfig.h"))
                ? Optional.of(headers)
                : Optional.empty();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    /**
     * Debian's makefile includes the common one by an absolute path; unpacked elsewhere, it is the folder beside. Other distributions
     * have it as {@code source} beside {@code build}.
     */
    private static Optional<Path> common(Path folder) {
        Path source = folder.resolveSibling("source");
        Stream<Path> beside =
                folder.endsWith("build") && !real(source).equals(real(folder)) ? Stream.of(source) : Stream.of();
        return Stream.concat(included(folder), beside)
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static Stream<Path> included(Path folder) {
        try {
            Matcher m = INCLUDED.matcher(Files.readString(folder.resolve("Makefile")));
            if (m.find()) {
                Path named = Path.of(m.group(1));
                return Stream.of(real(folder).resolveSibling(named.getFileName()), named);
            }
        } catch (IOException e) {
            // no makefile: a folder that is whole in itself
        }
        return Stream.of();
    }

    /**
     * Headers of any kernel on this machine, the oldest first: those compile with every libbcc.
     *
     * @return what was found
     */
    public static List<KernelHeaders> installed() {
        List<Path> folders = new ArrayList<>(list(USR_SRC));
        for (Path kernel : list(cache().resolve("kernels"))) {
            folders.addAll(list(kernel.resolve("root/usr/src")));
        }
        return folders.stream()
                .filter(f -> f.getFileName().toString().startsWith(PREFIX))
                .filter(f -> !f.getFileName().toString().endsWith("-common"))
                .flatMap(f -> at(f).stream())
                .sorted(Comparator.comparing(h -> KernelVersion.parse(h.release())))
                .toList();
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * One folder with all the headers, as libbcc wants it: the kernel's own, or a new one of links that joins the two.
     *
     * @param scratch where to make it
     * @return the folder
     */
    public Path joined(Path scratch) {
        if (common.isEmpty()) {
            return folder;
        }
        try {
            Path tree = Files.createDirectory(scratch.resolve("headers"));
            for (String part : List.of("include", "arch/x86/include", "arch/arm64/include")) {
                Files.createDirectories(tree.resolve(part));
                for (Path source : List.of(folder, common.get())) {
                    for (Path child : list(source.resolve(part))) {
                        Path link = tree.resolve(part).resolve(child.getFileName());
                        if (!Files.exists(link)) {
                            Files.createSymbolicLink(link, child.toAbsolutePath());
                        }
                    }
                }
            }
            return tree;
        } catch (IOException e) {
            throw new UncheckedIOException("join the kernel headers " + folder + " and " + common.get(), e);
        }
    }
}

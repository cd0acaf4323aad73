package io.github.bcc4j.junit;

import io.github.bcc4j.junit.VmException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A kernel that a virtual machine can boot: a bzImage, and where known its modules and headers.
 *
 * <p>{@link #fetch} unpacks Debian's packages into the user's cache ({@code $XDG_CACHE_HOME/bcc4j/kernels}, or below the
 * system property {@code bcc4j.cache}); nothing is installed, no root is needed, and what was fetched once is used again
 * without a network. Several processes may fetch at the same time. Immutable and thread-safe.
 */
public final class KernelImage {
    private static final Path ETC_APT = Path.of("/etc/apt");

    private final String release;
    private final Path bzImage;
    private final Path root;

    private KernelImage(String release, Path bzImage, Path root) {
        this.release = release;
        this.bzImage = bzImage;
        this.root = root;
    }

    /**
     * A Debian kernel, fetched unless the cache has one that matches, or a kernel file.
     *
     * @param kernel the beginning of a version ({@code 6.1}, {@code 6.12}, {@code 7}: the newest one that matches), a whole
     *     release ({@code 6.1.0-56-amd64}), or the path of a bzImage (with a slash in it, {@code file:} before it or not)
     * @return the kernel
     * @throws VmException if the kernel is neither in the cache nor can be fetched: no such version, no apt, no network
     * @throws InterruptedException if the thread is interrupted while packages are fetched
     */
    public static KernelImage fetch(String kernel) throws InterruptedException {
        Objects.requireNonNull(kernel, "kernel");
        if (kernel.contains("/")) {
            return ofFile(Path.of(kernel.startsWith("file:") ? kernel.substring("file:".length()) : kernel));
        }
        return fetch(kernel, ETC_APT);
    }

    static KernelImage fetch(String kernel, Path etcApt) throws InterruptedException {
        if (!kernel.matches("\\d[0-9A-Za-z.+~-]*")) {
            throw new IllegalArgumentException(
                    "not a kernel version: \"" + kernel + "\" (6.1, 6.12, 7, 6.1.0-56-amd64, or a path with a slash)");
        }
        if (!System.getProperty("os.arch").equals("amd64")) {
            throw new VmException(
                    Reason.HOST,
                    "run a kernel on " + System.getProperty("os.arch")
                            + ": the virtual machine shares the host's programs",
                    "use an x86-64 machine");
        }
        Path kernels = VmCache.directory("kernels");
        try {
            Optional<KernelImage> cached = cached(kernel, kernels);
            return cached.isPresent()
                    ? cached.get()
                    : VmCache.locked("kernels", () -> {
                        Optional<KernelImage> meanwhile = cached(kernel, kernels);
                        return meanwhile.isPresent() ? meanwhile.get() : download(kernel, kernels, etcApt);
                    });
        } catch (IOException e) {
            throw new VmException(Reason.KERNEL, "fetch kernel " + kernel + " into " + kernels + ": " + e, null, "", e);
        }
    }

    private static Optional<KernelImage> cached(String kernel, Path kernels) throws IOException {
        try (Stream<Path> entries = Files.list(kernels)) {
            Set<String> releases = entries.filter(entry -> Files.isDirectory(entry.resolve("root")))
                    .map(entry -> entry.getFileName().toString())
                    .collect(Collectors.toSet());
            return KernelRelease.newest(kernel, releases)
                    .map(release -> unpacked(release, kernels.resolve(release).resolve("root")));
        }
    }

    private static KernelImage download(String kernel, Path kernels, Path etcApt)
            throws IOException, InterruptedException {
        KernelPackages packages = new KernelPackages(etcApt, VmCache.directory("apt"));
        Set<String> offered = packages.releases();
        String release = KernelRelease.newest(kernel, offered)
                .orElseThrow(() -> new VmException(
                        Reason.KERNEL,
                        "no Debian kernel " + kernel + ": the mirror offers " + summary(offered),
                        "ask for one of these, or name a bzImage file (a path with a slash)"));
        Path temporary = Files.createTempDirectory(kernels, ".new-");
        try {
            Path root = Files.createDirectory(temporary.resolve("root"));
            packages.unpack(release, root);
            if (!Files.exists(root.resolve("lib"), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
            }
            indexModules(release, root);
            Path home = kernels.resolve(release);
            Files.move(temporary, home, StandardCopyOption.ATOMIC_MOVE);
            return unpacked(release, home.resolve("root"));
        } finally {
            VmCache.deleteTree(temporary);
        }
    }

    /** Debian leaves modules.dep to the installation, which does not happen here. */
    private static void indexModules(String release, Path root) throws IOException, InterruptedException {
        Path depmod = HostProgram.require("depmod", "index a kernel's modules", "kmod");
        HostProgram.Outcome outcome = HostProgram.run(true, root, depmod, List.of("-b", root.toString(), release));
        if (outcome.status() != 0) {
            throw new VmException(
                    Reason.KERNEL,
                    "index the modules of " + release + ": " + outcome.text().strip(),
                    null);
        }
    }

    private static String summary(Set<String> offered) {
        return offered.stream()
                .filter(KernelRelease::isRelease)
                .map(release -> release.replaceFirst("^(\\d+\\.\\d+).*", "$1"))
                .distinct()
                .sorted(KernelRelease.ORDER)
                .collect(Collectors.joining(", "));
    }

    private static KernelImage unpacked(String release, Path root) {
        List<Path> tried = new ArrayList<>();
        for (String name : List.of("boot/vmlinuz-" + release, "usr/lib/modules/" + release + "/vmlinuz")) {
            Path file = root.resolve(name);
            if (Files.isRegularFile(file)) {
                return new KernelImage(release, file, root);
            }
            tried.add(file);
        }
        throw new VmException(
                Reason.KERNEL, "kernel " + release + ": no bzImage at any of " + tried, "delete " + root.getParent());
    }

    /**
     * A kernel from a file. Modules are taken from {@code lib/modules/RELEASE} beside the file's directory, as Debian lays
     * them out; a kernel without modules must have virtio, 9p and overlay built in.
     *
     * @param bzImage the kernel
     * @return the kernel
     * @throws VmException if the file can't be read or is no bzImage
     */
    public static KernelImage ofFile(Path bzImage) {
        Path file = bzImage.toAbsolutePath().normalize();
        String release = readRelease(file);
        Path directory = file.getParent();
        Path root = directory.getParent() == null ? directory : directory.getParent();
        return new KernelImage(release, file, root);
    }

    /** The release a bzImage names in its header (Linux's x86 boot protocol). */
    private static String readRelease(Path file) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] header = new byte[0x210];
            in.readFully(header);
            boolean bzImage = new String(header, 0x202, 4, StandardCharsets.ISO_8859_1).equals("HdrS");
            if (bzImage) {
                in.seek(0x200 + (header[0x20e] & 0xff) + ((header[0x20f] & 0xff) << 8));
                byte[] text = new byte[128];
                in.readFully(text);
                return new String(text, StandardCharsets.ISO_8859_1).split("[ \0]", 2)[0];
            }
        } catch (IOException e) {
            throw new VmException(Reason.KERNEL, "read kernel " + file + ": " + e, null, "", e);
        }
        throw new VmException(
                Reason.KERNEL, "read kernel " + file + ": not a bzImage", "name the file vmlinuz-RELEASE");
    }

    /**
     * The kernel's release, as {@code uname -r} prints it.
     *
     * @return such as {@code 6.1.0-56-amd64}
     */
    public String release() {
        return release;
    }

    /**
     * The kernel itself.
     *
     * @return an absolute path
     */
    public Path bzImage() {
        return bzImage;
    }

    /**
     * The kernel's modules.
     *
     * @return the directory with {@code modules.dep}, if there is one
     */
    public Optional<Path> modules() {
        return Stream.of("lib/modules/", "usr/lib/modules/")
                .map(directory -> root.resolve(directory + release))
                .filter(directory -> Files.isRegularFile(directory.resolve("modules.dep")))
                .findFirst();
    }

    /**
     * The kernel's headers, for compiling on the host what will be loaded in the guest. Debian splits them: what all
     * flavours share is in the sibling directory whose name ends in {@code -common}.
     *
     * @return {@code .../usr/src/linux-headers-RELEASE}, if it is there
     */
    public Optional<Path> headers() {
        return Optional.of(root.resolve("usr/src/linux-headers-" + release)).filter(Files::isDirectory);
    }

    @Override
    public String toString() {
        return release + " (" + bzImage + ")";
    }
}

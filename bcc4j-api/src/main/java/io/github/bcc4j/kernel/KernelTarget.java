package io.github.bcc4j.kernel;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.Probes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The kernel that a program is compiled for: its release, its types (BTF), its configuration, its tracepoints. The running one, or
 * another one by its BTF file alone, or by all that {@link #export} wrote there.
 *
 * <p>Immutable, but for the running kernel's modules and tracepoints, which are read when they are asked for. Thread-safe.
 */
public final class KernelTarget {
    private static final Path RUNNING_CONFIG = Path.of("/proc/config.gz");
    private static final Path RUNNING_BTF = Path.of("/sys/kernel/btf");

    private static final class Running {
        static final KernelTarget TARGET = new KernelTarget(
                KernelVersion.current().release(),
                versionText(),
                Optional.of(RUNNING_BTF.resolve("vmlinux")).filter(Files::isReadable),
                RUNNING_BTF,
                Optional.empty());
    }

    private final String release;
    private final String version;
    private final Optional<Path> btf;
    private final Path modules;
    private final Optional<Path> folder;
    private Map<String, String> config;

    private KernelTarget(String release, String version, Optional<Path> btf, Path modules, Optional<Path> folder) {
        KernelHeaders.requireRelease(release);
        this.release = release;
        this.version = version;
        this.btf = btf;
        this.modules = modules;
        this.folder = folder;
    }

    private static String versionText() {
        String text = "";
        for (String file : List.of("/proc/version_signature", "/proc/version")) {
            try {
                text += Files.readString(Path.of(file));
            } catch (IOException e) {
                // not this distribution's way
            }
        }
        return text;
    }

    /**
     * The running kernel.
     *
     * @return always the same
     */
    public static KernelTarget running() {
        return Running.TARGET;
    }

    /**
     * A kernel by its BTF.
     *
     * @param release as {@code uname -r} tells it there
     * @param btf its raw BTF, such as a copy of {@code /sys/kernel/btf/vmlinux}
     * @return the target; its configuration is what that release's usually is
     * @throws IllegalArgumentException if the release does not look like one
     */
    public static KernelTarget of(String release, Path btf) {
        Path file = btf.toAbsolutePath();
        return new KernelTarget(release, "", Optional.of(file), file.resolveSibling("modules"), Optional.empty());
    }

    /**
     * A kernel by its release: the running one, or one whose headers are here. Of another one nothing else is known.
     *
     * @param release as {@code uname -r} tells it there
     * @return the target
     * @throws IllegalArgumentException if the release does not look like one
     */
    public static KernelTarget ofRelease(String release) {
        return release.equals(running().release())
                ? running()
                : new KernelTarget(release, "", Optional.empty(), RUNNING_BTF.resolve("none"), Optional.empty());
    }

    /**
     * A kernel that {@link #export} described.
     *
     * @param file what was written there
     * @return the target
     * @throws BpfException if it is no such file
     */
    public static KernelTarget open(Path file) {
        try {
            Path root = Files.isDirectory(file)
                    ? file
                    : FileSystems.newFileSystem(file).getPath("/");
            List<String> about = Files.readAllLines(root.resolve("release"));
            return new KernelTarget(
                    about.getFirst(),
                    String.join("\n", about.subList(1, about.size())),
                    Optional.of(root.resolve("vmlinux")).filter(Files::exists),
                    root.resolve("modules"),
                    Optional.of(root));
        } catch (IOException | RuntimeException e) {
            throw new BpfException(
                    "not the description of a kernel: " + file,
                    "on the machine with that kernel: ./bcc4j target -o " + file.getFileName(),
                    e);
        }
    }

    /**
     * Describes this kernel in a file, for compiling elsewhere.
     *
     * @param file a zip file to write: release, BTF of the kernel and its modules, configuration, format files of all tracepoints that can
     *     be read
     */
    public void export(Path file) {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            write(zip, "release", (release + "\n" + version).getBytes(StandardCharsets.UTF_8));
            if (buildId().isPresent()) {
                write(zip, "build-id", buildId().get().getBytes(StandardCharsets.UTF_8));
            }
            if (btf.isPresent()) {
                write(zip, "vmlinux", Files.readAllBytes(btf.get()));
            }
            for (String module : modules()) {
                write(zip, "modules/" + module, moduleBtf(module).orElseThrow());
            }
            StringBuilder settings = new StringBuilder();
            config().forEach((name, value) ->
                    settings.append(name).append('=').append(value).append('\n'));
            write(zip, "config", settings.toString().getBytes(StandardCharsets.UTF_8));
            for (String tracepoint : tracepoints()) {
                String[] parts = tracepoint.split(":");
                write(
                        zip,
                        "events/" + parts[0] + "/" + parts[1] + "/format",
                        tracepointFormat(parts[0], parts[1]).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("describe the kernel " + release + " in " + file, e);
        }
    }

    private List<String> tracepoints() {
        try {
            return folder.isEmpty() && isRunning() ? Probes.tracepoints(Pattern.compile(".*")) : List.of();
        } catch (BpfException e) {
            return List.of(); // not for this user; compiles that need none go well
        }
    }

    private static void write(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /**
     * Which kernel it is.
     *
     * @return as {@code uname -r} tells it
     */
    public String release() {
        return release;
    }

    /**
     * Whether it is the running kernel.
     *
     * @return true if so
     */
    public boolean isRunning() {
        return this == running();
    }

    /**
     * The kernel's types.
     *
     * @return a file of raw BTF, empty if it has none or it is not known
     */
    public Optional<Path> btf() {
        return btf;
    }

    /**
     * What tells this very build of the kernel from all others.
     *
     * @return the GNU build-id in hexadecimal; known of the running kernel and of one that {@link #export} described
     */
    public Optional<String> buildId() {
        if (!isRunning()) {
            return folder.map(f -> f.resolve("build-id"))
                    .filter(Files::isReadable)
                    .map(KernelTarget::line);
        }
        try {
            ByteBuffer notes = ByteBuffer.wrap(Files.readAllBytes(Path.of("/sys/kernel/notes")))
                    .order(ByteOrder.nativeOrder());
            while (notes.remaining() >= 12) {
                int name = notes.getInt() + 3 & ~3;
                int content = notes.getInt();
                boolean isBuildId = notes.getInt() == 3;
                notes.position(notes.position() + name);
                if (isBuildId) {
                    byte[] id = new byte[content];
                    notes.get(id);
                    return Optional.of(HexFormat.of().formatHex(id));
                }
                notes.position(notes.position() + (content + 3 & ~3));
            }
        } catch (IOException | IllegalArgumentException | BufferUnderflowException e) {
            // not told here
        }
        return Optional.empty();
    }

    private static String line(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }

    /**
     * What kernels are told apart by: two with the same have the same types, configuration and version.
     *
     * @return release, version and build-id; empty if no build-id is known
     */
    public Optional<String> identity() {
        return buildId().map(id -> release + "\n" + version.strip() + "\n" + id);
    }

    /**
     * The modules whose types are known.
     *
     * @return their names, sorted
     */
    public List<String> modules() {
        if (!Files.isDirectory(modules)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(modules)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> !n.equals("vmlinux"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * A module's types.
     *
     * @param module its name
     * @return raw BTF on top of the kernel's, empty if it is not there any more
     */
    public Optional<byte[]> moduleBtf(String module) {
        try {
            return Optional.of(Files.readAllBytes(modules.resolve(module)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The kernel's configuration.
     *
     * @return {@code CONFIG_NAME} to {@code y}, {@code m}, a number or a quoted text; empty if it is not known
     */
    public synchronized Map<String, String> config() {
        if (config == null) {
            Map<String, String> settings = new LinkedHashMap<>();
            Matcher m = Pattern.compile("(?m)^(CONFIG_\\w+)=(.*)$").matcher(configText());
            while (m.find()) {
                settings.put(m.group(1), m.group(2));
            }
            config = settings;
        }
        return config;
    }

    /**
     * Where the kernel's configuration is told.
     *
     * @return a file; empty if nothing tells it
     */
    public Optional<Path> configFile() {
        if (folder.isPresent()) {
            return folder.map(f -> f.resolve("config")).filter(Files::isReadable);
        }
        List<Path> places = new ArrayList<>();
        if (isRunning()) {
            places.add(RUNNING_CONFIG);
        }
        places.add(Path.of("/boot/config-" + release));
        places.add(Path.of("/lib/modules", release, "config"));
        places.add(Path.of("/lib/modules", release, "build/.config"));
        places.add(KernelHeaders.cachedRoot(release).resolve("boot/config-" + release));
        return places.stream().filter(Files::isReadable).findFirst();
    }

    private String configText() {
        Optional<Path> file = configFile();
        try {
            if (file.isEmpty()) {
                return "";
            }
            if (file.get().equals(RUNNING_CONFIG)) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(RUNNING_CONFIG))) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
            return Files.readString(file.get());
        } catch (IOException e) {
            return ""; // as good as none
        }
    }

    /**
     * What {@code LINUX_VERSION_CODE} is there. Distributions whose release tells less tell it elsewhere.
     *
     * @return 65536 times the first number, 256 times the second, the third up to 255
     */
    public int versionCode() {
        for (Pattern pattern : List.of(
                Pattern.compile("Ubuntu \\S+ (\\d+)\\.(\\d+)\\.(\\d+)\\s*"),
                Pattern.compile("#.*\\bDebian (\\d+)\\.(\\d+)\\.(\\d+)"))) {
            Matcher m = pattern.matcher(version);
            if (m.find()) {
                return code(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)));
            }
        }
        KernelVersion v = KernelVersion.parse(release);
        return code(v.major(), v.minor(), v.patch());
    }

    private static int code(int major, int minor, int patch) {
        return major << 16 | minor << 8 | Math.min(patch, 255);
    }

    /**
     * Whether the tracepoints' fields are known.
     *
     * @return true for the running kernel, and for one that was described whole
     */
    public boolean knowsTracepoints() {
        return isRunning()
                || folder.filter(f -> Files.isDirectory(f.resolve("events"))).isPresent();
    }

    /**
     * A tracepoint's fields.
     *
     * @param category such as {@code sched}
     * @param name such as {@code sched_switch}
     * @return the format file
     * @throws BpfException if there is none, or it is not known
     */
    public String tracepointFormat(String category, String name) {
        if (isRunning()) {
            return Probes.tracepointFormat(category, name);
        }
        Optional<Path> file = folder.map(f -> f.resolve("events/" + category + "/" + name + "/format"));
        try {
            if (file.isPresent() && Files.exists(file.get())) {
                return Files.readString(file.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file.get(), e);
        }
        throw new BpfException(
                "the fields of tracepoint " + category + ":" + name + " are not known of kernel " + release,
                "describe that kernel as root on its machine: ./bcc4j target -o " + release + ".zip",
                null);
    }

    /** Targets are equal if they are read from the same files. */
    @Override
    public boolean equals(Object o) {
        return o instanceof KernelTarget t && release.equals(t.release) && btf.equals(t.btf) && folder.equals(t.folder);
    }

    @Override
    public int hashCode() {
        return Objects.hash(release, btf, folder);
    }

    @Override
    public String toString() {
        return "kernel " + release;
    }
}

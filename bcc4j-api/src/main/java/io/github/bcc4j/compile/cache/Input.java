package io.github.bcc4j.compile.cache;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.compile.child.Wire;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfNote;
import io.github.bcc4j.kernel.KernelTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Something that a compile read besides its text and options, as it was then.
 *
 * @param kind what it is
 * @param name which
 * @param stamp what tells cheaply that it was not touched: size, times and inode of a file; empty if nothing does
 * @param content what it was: the text itself if that is short, else a digest; empty if it was not there
 */
public record Input(Kind kind, String name, List<Long> stamp, String content) {
    /** No folder with more files is compared. */
    private static final int MOST_NAMES = 5_000;

    private static final Pattern CLOCK = Pattern.compile("__(DATE|TIME|TIMESTAMP)__");

    /** The kinds of inputs. */
    public enum Kind {
        /** A file, by its content. */
        FILE,
        /** A shared library, by its build-id. */
        LIBRARY,
        /** A file that the kernel makes when it is read. */
        KERNEL_FILE,
        /** The names of all files below a folder: a new one may be included instead of another. */
        NAMES,
        /** A tracepoint's format, {@code category/name}. */
        FORMAT,
        /** The kernel's configuration. */
        CONFIG,
        /** The types of all of the kernel's modules. */
        MODULES
    }

    /**
     * Takes an input as it is now.
     *
     * @param kind what it is
     * @param name which
     * @param kernel the kernel that is compiled for
     * @return the input
     * @throws IOException if it can't be read, or is nothing that can be compared
     */
    public static Input now(Kind kind, String name, KernelTarget kernel) throws IOException {
        return new Input(kind, name, stamp(kind, name, kernel), content(kind, name, kernel));
    }

    /**
     * Whether it is still what it was.
     *
     * @param kernel the kernel that is compiled for
     * @return false too if it can't be told
     */
    public boolean holds(KernelTarget kernel) {
        try {
            return !stamp.isEmpty() && stamp.equals(stamp(kind, name, kernel))
                    || content.equals(content(kind, name, kernel));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /**
     * Whether it was touched at a time or later.
     *
     * @param millis since 1970
     * @return false if it has no times
     */
    public boolean touchedSince(long millis) {
        return !stamp.isEmpty() && Math.max(stamp.get(1), stamp.get(2)) >= millis * 1_000_000;
    }

    private static List<Long> stamp(Kind kind, String name, KernelTarget kernel) throws IOException {
        return switch (kind) {
            case FILE, LIBRARY -> stamp(Path.of(name));
            case CONFIG -> config(kernel.configFile());
            default -> List.of();
        };
    }

    /** What the kernel itself says of its configuration does not change: another one would be another build. */
    private static List<Long> config(Optional<Path> file) throws IOException {
        if (file.isEmpty()) {
            return List.of();
        }
        return file.get().startsWith("/proc") ? List.of(0L, 0L, 0L, 0L) : stamp(file.get());
    }

    static List<Long> stamp(Path file) throws IOException {
        if (!Files.exists(file) || file.startsWith("/proc") || file.startsWith("/sys")) {
            return List.of();
        }
        Map<String, Object> of = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino");
        return List.of(
                (Long) of.get("size"), nanos(of.get("lastModifiedTime")), nanos(of.get("ctime")), (Long) of.get("ino"));
    }

    private static long nanos(Object time) {
        return ((FileTime) time).to(TimeUnit.NANOSECONDS);
    }

    private static String content(Kind kind, String name, KernelTarget kernel) throws IOException {
        return switch (kind) {
            case FILE -> digest(Path.of(name));
            case KERNEL_FILE -> Files.exists(Path.of(name)) ? Files.readString(Path.of(name)) : "";
            case LIBRARY -> library(Path.of(name));
            case NAMES -> names(Path.of(name));
            case FORMAT -> format(name, kernel);
            case CONFIG -> config(kernel);
            case MODULES -> modules(kernel);
        };
    }

    private static String digest(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        byte[] bytes = Files.readAllBytes(file);
        if (file.toString().endsWith(".h")
                && CLOCK.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).find()) {
            throw new IOException(file + " asks for the time of the compile");
        }
        return new Digests().add(bytes).hex();
    }

    private static String library(Path file) throws IOException {
        try (ElfFile elf = ElfFile.open(file)) {
            Optional<String> id = ElfNote.buildId(elf);
            return id.isPresent() ? id.get() : digest(file);
        } catch (BpfException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return "";
        }
        List<String> names;
        try (Stream<Path> files = Files.walk(folder)) {
            names = files.limit(MOST_NAMES + 1L)
                    .map(f -> folder.relativize(f).toString())
                    .sorted()
                    .toList();
        }
        if (names.size() > MOST_NAMES) {
            throw new IOException(folder + " has more than " + MOST_NAMES + " files");
        }
        return of(names);
    }

    private static String format(String name, KernelTarget kernel) {
        String[] parts = name.split("/", 2);
        try {
            return kernel.tracepointFormat(parts[0], parts[1]);
        } catch (BpfException e) {
            return "";
        }
    }

    private static String config(KernelTarget kernel) {
        if (kernel.config().isEmpty()) {
            return "";
        }
        List<String> settings = new ArrayList<>();
        new TreeMap<>(kernel.config()).forEach((name, value) -> settings.add(name + "=" + value));
        return of(settings);
    }

    private static String modules(KernelTarget kernel) {
        Digests all = new Digests();
        for (String module : kernel.modules()) {
            all.add(module).add(kernel.moduleBtf(module).orElse(new byte[0]));
        }
        return all.hex();
    }

    private static String of(Collection<String> parts) {
        Digests digests = new Digests();
        parts.forEach(digests::add);
        return digests.hex();
    }

    /**
     * Writes an input.
     *
     * @param out to where
     * @param input which
     */
    public static void write(Wire.Writer out, Input input) {
        out.number(input.kind.ordinal()).text(input.name);
        out.list(input.stamp, (w, n) -> w.number((int) (n >>> 32)).number(n.intValue()));
        out.text(input.content);
    }

    /**
     * Reads an input.
     *
     * @param in from where
     * @return it
     */
    public static Input read(Wire.Reader in) {
        return new Input(
                in.choice(Kind.values()),
                in.text(),
                in.list(r -> (long) r.number() << 32 | Integer.toUnsignedLong(r.number())),
                in.text());
    }
}

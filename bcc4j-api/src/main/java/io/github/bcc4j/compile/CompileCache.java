package io.github.bcc4j.compile;

import io.github.bcc4j.compile.cache.Input;
import io.github.bcc4j.compile.cache.PrivateFolder;
import io.github.bcc4j.compile.child.Wire;
import io.github.bcc4j.kernel.KernelHeaders;
import io.github.bcc4j.kernel.KernelTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps compiled modules in a folder, so that a text that was compiled before is loaded within milliseconds, without LLVM. All compiles
 * use the {@linkplain #standard() standard one}, unless {@link CompilerOptions#withCache} says otherwise.
 *
 * <p>A module is found by the text, the options, this build of bcc4j and the target kernel's release, version and build-id; and taken
 * only if all that its compile read is as it was: header files, folders of {@code -I}, libbcc and LLVM (by build-id), the formats of its
 * tracepoints, the kernel's configuration, the types of its modules where they were asked. Whatever can't be compared is compiled anew:
 * {@link CompiledModule#origin()} says why.
 *
 * <p>What is in the folder goes into the kernel. So it must belong to this user, and nobody else may write to it, or it is not used; a
 * file that is cut, altered or renamed is not used either. Several processes may share it. The files used least recently go when the limit
 * is passed. To fill one beforehand, such as in a container image, compile there with the same texts and options and {@link
 * CompilerOptions#withTarget} the kernel's description, by the same versions of bcc4j and libbcc.
 *
 * <p>On JDK 25 and newer the folder also has an archive of the compile process's classes, 16 MB, with which that process starts in half the
 * time. A process of its own makes it once, beside the first compile.
 *
 * <p>Immutable and thread-safe.
 */
public final class CompileCache {
    /** How many bytes a cache may have, unless told otherwise: 256 MiB, some thousands of modules. */
    public static final long DEFAULT_LIMIT = 256L << 20;

    private static final int KIND = 0x43410001;
    private static final String SUFFIX = ".module";
    private static final long TOUCH_MILLIS = 600_000;
    private static final CompileCache NONE = new CompileCache(Optional.empty(), 0);

    private final Optional<Path> folder;
    private final long limit;

    /**
     * A kept module.
     *
     * @param file where
     * @param bytes how large
     * @param lastUsed when it was last used, within ten minutes
     */
    public record Entry(Path file, long bytes, Instant lastUsed) {}

    /** What came of looking: a module, or why there is none. */
    record Found(Optional<CompiledModule> module, String why) {}

    private CompileCache(Optional<Path> folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /**
     * The cache that the system property {@code bcc4j.compile.cache} names, else the environment variable {@code BCC4J_COMPILE_CACHE}: a
     * folder, or {@code off}; else the folder {@code compiled} in {@code $XDG_CACHE_HOME/bcc4j} or {@code ~/.cache/bcc4j}.
     *
     * @return the cache
     */
    public static CompileCache standard() {
        String place = System.getProperty("bcc4j.compile.cache", System.getenv("BCC4J_COMPILE_CACHE"));
        if (place == null || place.isEmpty()) {
            return at(KernelHeaders.cache().resolve("compiled"));
        }
        return place.equals("off") ? NONE : at(Path.of(place));
    }

    /**
     * A cache in a folder, with {@link #DEFAULT_LIMIT}.
     *
     * @param folder which; it is made, for this user alone, when the first module is kept
     * @return the cache
     */
    public static CompileCache at(Path folder) {
        return new CompileCache(Optional.of(folder.toAbsolutePath()), DEFAULT_LIMIT);
    }

    /**
     * No cache: everything is compiled, nothing kept.
     *
     * @return always the same
     */
    public static CompileCache none() {
        return NONE;
    }

    /**
     * The same with another limit.
     *
     * @param bytes how many bytes all modules together may have
     * @return a changed copy
     */
    public CompileCache withLimit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a limit is not negative: " + bytes);
        }
        return new CompileCache(folder, bytes);
    }

    /**
     * Where the modules are kept.
     *
     * @return the folder, which need not exist; empty for {@link #none()}
     */
    public Optional<Path> folder() {
        return folder;
    }

    /**
     * What is kept.
     *
     * @return the modules, those used last first
     * @throws UncheckedIOException if the folder can't be read, or is not private
     */
    public List<Entry> entries() {
        if (folder.isEmpty()) {
            return List.of();
        }
        try (PrivateFolder open = PrivateFolder.open(folder.get())) {
            return open.list().stream()
                    .filter(i -> i.name().endsWith(SUFFIX))
                    .sorted(Comparator.comparing(PrivateFolder.Item::used).reversed())
                    .map(i -> new Entry(
                            folder.get().resolve(i.name()), i.bytes(), i.used().toInstant()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("look into the compile cache", e);
        }
    }

    /**
     * Deletes all that is kept.
     *
     * @return how many files that were
     * @throws UncheckedIOException if the folder can't be read, or is not private
     */
    public int clear() {
        return trim(0);
    }

    private int trim(long most) {
        if (folder.isEmpty()) {
            return 0;
        }
        try (PrivateFolder open = PrivateFolder.open(folder.get())) {
            List<PrivateFolder.Item> items = open.list().stream()
                    .sorted(Comparator.comparing(PrivateFolder.Item::used))
                    .toList();
            long total = items.stream().mapToLong(PrivateFolder.Item::bytes).sum();
            long stale = System.currentTimeMillis() - TOUCH_MILLIS;
            int deleted = 0;
            for (PrivateFolder.Item item : items) {
                boolean leftover = item.name().startsWith(".") && item.used().toMillis() < stale;
                if ((total > most || leftover) && open.delete(item.name())) {
                    total -= item.bytes();
                    deleted++;
                }
            }
            return deleted;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("clear the compile cache", e);
        }
    }

    Found find(CacheKey key, KernelTarget kernel) {
        if (folder.isEmpty()) {
            return missed("the compile cache is off");
        }
        if (key.refusal().isPresent()) {
            return missed("never kept: " + key.refusal().get());
        }
        String name = key.name() + SUFFIX;
        try (PrivateFolder open = PrivateFolder.open(folder.get())) {
            Wire.Reader in = new Wire.Reader(open.read(name, Wire.LONGEST), KIND, "kept module");
            if (!in.list(Wire.Reader::text).equals(key.parts())) {
                return missed(folder.get().resolve(name) + " is another module's");
            }
            for (Input input : in.list(Input::read)) {
                if (!input.holds(kernel)) {
                    return missed("since it was kept, changed: " + input.name());
                }
            }
            CompiledModule module = in.end(CompiledModule.fromBytes(in.bytes()));
            if (open.used(name) < System.currentTimeMillis() - TOUCH_MILLIS) {
                open.touch(name);
            }
            Path file = folder.get().resolve(name);
            return new Found(Optional.of(module.from(new Origin(Origin.Kind.CACHED, file.toString()))), "");
        } catch (NoSuchFileException e) {
            return missed("not kept before");
        } catch (IOException | IllegalArgumentException e) {
            return missed("the compile cache can't be used: " + reason(e));
        }
    }

    private static Found missed(String why) {
        return new Found(Optional.empty(), why);
    }

    private static String reason(Exception e) {
        return e instanceof NotDirectoryException ? e.getMessage() + " is no folder" : e.getMessage();
    }

    /** Keeps a module; says in words if it can't. */
    String store(CacheKey key, CompiledModule module, List<Input> inputs, Instant started) {
        for (Input input : inputs) {
            if (input.touchedSince(started.toEpochMilli() - 10)) { // as coarse as a file system's clock may be
                return "not kept: " + input.name() + " was written at the same time";
            }
        }
        byte[] entry = new Wire.Writer(KIND)
                .list(key.parts(), Wire.Writer::text)
                .list(inputs, Input::write)
                .bytes(module.toBytes())
                .finish();
        try (PrivateFolder open = PrivateFolder.make(folder.orElseThrow())) {
            open.write(key.name() + SUFFIX, entry);
        } catch (IOException e) {
            return "not kept: " + reason(e);
        }
        try {
            trim(limit);
        } catch (UncheckedIOException e) {
            return "kept; " + e.getMessage() + ": " + e.getCause().getMessage();
        }
        return "kept now";
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof CompileCache c && folder.equals(c.folder) && limit == c.limit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(folder, limit);
    }

    @Override
    public String toString() {
        return folder.map(f -> "compile cache " + f).orElse("no compile cache");
    }
}

package io.github.bcc4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folder where the other languages' sides are unpacked and compiled: {@code target/bench}, or what {@code bcc4j.bench} says. */
final class Home {
    private static final List<String> FOLDERS = List.of("bpf", "c", "python");

    private final Path root;

    private Home(Path root) {
        this.root = root;
    }

    /** Unpacks what has changed. */
    static Home open() {
        Home home = new Home(
                Path.of(System.getProperty("bcc4j.bench", "target/bench")).toAbsolutePath());
        try {
            Files.createDirectories(home.root.resolve("bin"));
            Files.createDirectories(home.root.resolve("log"));
            URI here = Home.class.getResource("bpf").toURI();
            if (here.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(here, Map.of())) {
                    home.unpack(jar.provider().getPath(here).getParent());
                }
            } else {
                home.unpack(Path.of(here).getParent());
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void unpack(Path resources) throws IOException {
        for (String folder : FOLDERS) {
            Path target = Files.createDirectories(root.resolve(folder));
            try (Stream<Path> files = Files.list(resources.resolve(folder))) {
                for (Path file : files.toList()) {
                    Path copy = target.resolve(file.getFileName().toString());
                    byte[] content = Files.readAllBytes(file);
                    if (!Files.exists(copy) || !Arrays.equals(content, Files.readAllBytes(copy))) {
                        Files.write(copy, content);
                    }
                }
            }
        }
    }

    Path file(String name) {
        return root.resolve(name);
    }

    Path cache() {
        return root.resolve("cache");
    }

    /** Where the JVM keeps the classes of a workload that is started. */
    Path archive(Workload workload) {
        return root.resolve(workload.name() + ".aot");
    }

    /** Deletes that: classes of another build, or at another place, are not to be met. */
    void deleteArchive(Workload workload) {
        try {
            Files.deleteIfExists(archive(workload));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path log(String name) {
        return root.resolve("log").resolve(name.replace(' ', '-') + ".log");
    }

    /** The program made of {@code c/NAME.c}, compiled if that or a header is newer. */
    Path binary(String name) {
        Path binary = root.resolve("bin").resolve(name);
        Path source = root.resolve("c").resolve(name + ".c");
        try (Stream<Path> sources = Files.list(root.resolve("c"))) {
            boolean fresh = Files.exists(binary)
                    && sources.filter(f -> f.equals(source) || f.toString().endsWith(".h"))
                            .noneMatch(f -> newer(f, binary));
            if (!fresh) {
                compile(source, binary);
            }
            return binary;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean newer(Path a, Path b) {
        try {
            return Files.getLastModifiedTime(a).compareTo(Files.getLastModifiedTime(b)) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path source, Path binary) throws IOException {
        List<String> command = new ArrayList<>(List.of("cc", "-O2", "-Wall", "-Wextra", "-Wno-unused-function"));
        command.addAll(List.of("-o", binary.toString(), source.toString(), "-lbcc"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + said
                        + "\nThe packages gcc, libc6-dev, libbpfcc-dev and libbpf-dev are needed.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

package io.github.bcc4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the processes of contestants are started. */
final class Commands {
    /** What is measured by the clock, or must not lose events, takes precedence over what else the machine does. */
    private static final List<String> IN_TURN = List.of("chrt", "--rr", "1");

    private final Home home;
    private final List<String> inNamespace;

    Commands(Home home) {
        this.home = home;
        this.inNamespace = namespace();
    }

    /** A process that stays alive. */
    List<String> alive(Workload workload, Contestant who, int size) {
        List<String> command = new ArrayList<>(inNamespace);
        if (workload.kind() == Workload.Kind.PACED) {
            command.addAll(IN_TURN);
        }
        switch (who.language()) {
            case "java" -> {
                command.addAll(java());
                command.addAll(List.of(
                        "-cp", System.getProperty("java.class.path"), JavaWorker.class.getName(), workload.name()));
            }
            case "python" ->
                command.addAll(List.of(
                        "/usr/bin/python3",
                        home.file("python/" + workload.name() + ".py").toString()));
            default -> command.add(home.binary(workload.name()).toString());
        }
        command.addAll(List.of(who.variant(), Integer.toString(size)));
        return command;
    }

    /** What a starter is told to start: words, the environment before the command. */
    List<String> started(Workload workload, Contestant who) {
        return started(workload, who, "-XX:AOTCache=");
    }

    /** The same for the start before all others: with the variant {@code aot} it leaves an archive of its classes for them. */
    List<String> firstStarted(Workload workload, Contestant who) {
        return started(workload, who, "-XX:AOTCacheOutput=");
    }

    private List<String> started(Workload workload, Contestant who, String archiveOption) {
        Program program = workload.program();
        List<String> words = new ArrayList<>();
        switch (who.language()) {
            case "java" -> {
                words.add("BCC4J_COMPILE_CACHE=" + (program.cached() ? home.cache() : "off"));
                words.addAll(java());
                words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=10", "-XX:+UseSerialGC"));
                if (who.variant().equals("aot") && Runtime.version().feature() >= 25) {
                    words.addAll(List.of(archiveOption + home.archive(workload), "-Xlog:disable"));
                }
                words.addAll(List.of("-cp", libraryClassPath(), program.main().getName()));
            }
            case "python" ->
                words.addAll(List.of(
                        "/usr/bin/python3",
                        home.file("python/" + program.file() + ".py").toString()));
            default -> words.add(home.binary(program.file()).toString());
        }
        words.add(program.argument().apply(home));
        return words;
    }

    /** A helper written in C. */
    List<String> helper(String name) {
        List<String> command = new ArrayList<>(inNamespace);
        command.addAll(IN_TURN);
        command.add(home.binary(name).toString());
        return command;
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED");
    }

    /**
     * libbcc does not compile without header files of a kernel. Where there are none of the running one, any others do: these programs
     * read no kernel structs whose layout matters, and what they cost to compile is alike.
     */
    private static List<String> namespace() {
        Path build = Path.of("/lib/modules", System.getProperty("os.version"), "build");
        if (Files.exists(build.resolve("Makefile"))) {
            return List.of();
        }
        Path headers = newest("linux-headers-.*-(amd64|arm64)")
                .orElseThrow(() -> new IllegalStateException("bcc's Python and libbcc need header files of a kernel:"
                        + " apt-get install linux-headers-amd64"));
        Path source = newest("linux-headers-.*-common").orElse(headers);
        return List.of(
                "unshare",
                "--mount",
                "sh",
                "-ec",
                "mount -t tmpfs none /lib/modules; mkdir -p \"$0\"; ln -s \"$1\" \"$0/build\"; ln -s \"$2\" \"$0/source\";"
                        + " shift 2; exec \"$@\"",
                build.getParent().toString(),
                headers.toString(),
                source.toString());
    }

    private static Optional<Path> newest(String pattern) {
        try (Stream<Path> folders = Files.list(Path.of("/usr/src"))) {
            return folders.filter(f -> f.getFileName().toString().matches(pattern))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jars that a program on the library needs: a class path with more would be searched for longer. */
    static String libraryClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(":"))
                .filter(f -> f.matches(".*/bcc4j-(ffm|api|benchmarks)(-[^/]*\\.jar|/target/.*)"))
                .filter(f -> !f.contains("/lib/") || f.contains("/lib/bcc4j-"))
                .collect(Collectors.joining(":"));
    }
}

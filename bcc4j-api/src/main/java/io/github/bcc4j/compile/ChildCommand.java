package io.github.bcc4j.compile;

import io.github.bcc4j.compile.cache.CodePlace;
import io.github.bcc4j.compile.child.CompileChild;
import io.github.bcc4j.ffm.NativeLibrary;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command that starts the compile process: this JVM's own {@code java}, small and quick, on the library's own code alone. */
final class ChildCommand {
    private ChildCommand() {}

    /** The command for a compile in a folder, quicker with a class archive. */
    static List<String> in(Path folder, Optional<Path> archive) {
        return with(archive.map(a -> "-XX:AOTCache=" + a), folder);
    }

    /** The command that makes the archive, from a compile in a folder. */
    static List<String> making(Path archive, Path folder) {
        List<String> command = with(Optional.of("-XX:AOTCacheOutput=" + archive), folder);
        command.add(CompileChild.TRAIN);
        return command;
    }

    private static List<String> with(Optional<String> option, Path folder) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:CompileThresholdScaling=10", // what is compiled sooner does not pay in its short life
                "-XX:+UseSerialGC",
                "-Xlog:disable",
                "-Xmx96m",
                "-Xss8m", // clang recurses as deep as a text nests
                "-XX:-UsePerfData",
                "-XX:ErrorFile=" + folder.resolve("crash.log")));
        option.ifPresent(command::add);
        String libbcc = System.getProperty("bcc4j.libbcc");
        if (libbcc != null) {
            command.add("-Dbcc4j.libbcc=" + libbcc);
        }
        URI code = location(CompileChild.class);
        if (code.getScheme().equals("jrt")) { // part of the runtime image itself
            Module module = CompileChild.class.getModule();
            command.add(
                    "--enable-native-access=" + NativeLibrary.class.getModule().getName());
            command.addAll(List.of("--module", module.getName() + "/" + CompileChild.class.getName()));
        } else {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.addAll(List.of("--class-path", classPath(), CompileChild.class.getName()));
        }
        command.add(folder.toString());
        return command;
    }

    private static String classPath() {
        return Stream.of(CompileChild.class, NativeLibrary.class)
                .map(ChildCommand::location)
                .map(ChildCommand::file)
                .distinct()
                .collect(Collectors.joining(":"));
    }

    private static String file(URI code) {
        try {
            return Path.of(code).toString();
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw nowhere(code);
        }
    }

    private static URI location(Class<?> type) {
        return CodePlace.of(type).orElseThrow(() -> nowhere("nowhere"));
    }

    private static CompileException nowhere(Object code) {
        return CompileFailure.around(
                "a compile process can't be started: bcc4j's own classes come from " + code
                        + ", which is neither a jar, nor a folder, nor a runtime image",
                "put bcc4j's jars on the class path as files, not inside another archive; or use CompilerOptions.inProcess()");
    }
}

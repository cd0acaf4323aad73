package io.github.bcc4j.junit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command of a guest's JVM that runs {@link GuestMain}: this JVM's program, and its properties that are ours. */
final class GuestJvm {
    /** Set in a guest: there {@link OnKernels} means nothing. */
    static final String IN_GUEST = "bcc4j.guest";

    private GuestJvm() {}

    static boolean isGuest() {
        return Boolean.getBoolean(IN_GUEST);
    }

    /** Flags for a quick start, native access for the class path, and this JVM's system properties that begin with bcc4j. */
    static List<String> flags() {
        List<String> flags = new ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + IN_GUEST + "=true"));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("bcc4j."))
                .sorted()
                .forEach(name -> flags.add("-D" + name + "=" + System.getProperty(name)));
        return flags;
    }

    static List<String> command(List<String> flags, String classPath, List<String> arguments) {
        String absolute = Arrays.stream(classPath.split(":"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", absolute, GuestMain.class.getName()));
        command.addAll(arguments);
        return command;
    }
}

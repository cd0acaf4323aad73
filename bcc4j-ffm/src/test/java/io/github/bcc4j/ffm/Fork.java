package io.github.bcc4j.ffm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class in a JVM of its own: for flags, and for what a process does only once. */
final class Fork {
    private Fork() {}

    /** On the class path. Returns what it printed, warnings included. */
    static String run(List<String> flags, Class<?> main, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return java(command);
    }

    /** As a module, into which the main class is patched. */
    static String runAsModule(List<String> flags, Class<?> main, String... args)
            throws IOException, InterruptedException {
        String module = "io.github.bcc4j.ffm";
        List<String> command = new ArrayList<>(flags);
        command.addAll(List.of(
                "-p",
                place(NativeLibrary.class),
                "--patch-module",
                module + "=" + place(main),
                "-m",
                module + "/" + main.getName()));
        command.addAll(List.of(args));
        return java(command);
    }

    private static String place(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }

    private static String java(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        return status == 0 ? output : output + "exit " + status;
    }
}

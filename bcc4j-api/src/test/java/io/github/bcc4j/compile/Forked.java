package io.github.bcc4j.compile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a test's main class in a JVM of its own, with a temporary folder of its own. */
final class Forked {
    private Forked() {}

    static ProcessBuilder jvm(Class<?> main, Path temporary, String... arguments) {
        return jvm(List.of(), System.getProperty("java.class.path"), main, temporary, arguments);
    }

    static ProcessBuilder jvm(
            List<String> wrapper, String classPath, Class<?> main, Path temporary, String... arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-Djava.io.tmpdir=" + temporary,
                "-Dbcc4j.cache=" + io.github.bcc4j.kernel.KernelHeaders.cache(),
                "-cp",
                classPath,
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).inheritIO();
    }

    /** Runs to the end; 0 if all went well. */
    static int run(ProcessBuilder jvm) throws IOException, InterruptedException {
        return jvm.start().waitFor();
    }
}

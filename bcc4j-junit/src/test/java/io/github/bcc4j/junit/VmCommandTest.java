package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line's way into a guest, from JVMs that are not this one. */
@Tag("vm")
class VmCommandTest {
    @TempDir
    Path directory;

    private static List<String> java(String classPath, String... more) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", classPath));
        command.addAll(List.of(more));
        return command;
    }

    /** A user without any privilege, who can read neither root's home nor {@code /dev/kvm}. */
    @Test
    void noRootIsNeeded() throws Exception {
        KernelImage image = KernelImage.fetch("6.12");
        Path kernel = directory.resolve("cache/kernels/" + image.release() + "/root");
        copy(image.bzImage(), kernel.resolve("boot/vmlinuz-" + image.release()));
        Path modules = image.modules().orElseThrow();
        for (String part : List.of("modules.dep", "modules.builtin", "kernel/fs", "kernel/net/9p")) {
            copy(
                    modules.resolve(part),
                    kernel.resolve("lib/modules/" + image.release()).resolve(part));
        }
        List<Path> classes = new ArrayList<>();
        for (Class<?> type : List.of(VmChild.class, KernelVm.class, io.github.bcc4j.BpfException.class)) {
            Path source = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            classes.add(directory.resolve("classes" + classes.size() + source.getFileName()));
            copy(source, classes.getLast());
        }
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            giveAway(directory);
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        }
        command.addAll(java(
                String.join(":", classes.stream().map(Path::toString).toList()),
                "-Dbcc4j.cache=" + directory.resolve("cache"),
                "io.github.bcc4j.junit.VmChild",
                "6.12",
                "sh",
                "-c",
                "id -u; echo to standard error >&2; : >/out/file; cat /etc/shadow; exit 3"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().put("HOME", directory.toString());

        Process process = builder.start();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(directory.resolve("err")))
                .matches("bcc4j: booting Linux " + Pattern.quote(image.release())
                        + " in a virtual machine \\((KVM|emulated: slow)\\)\n"
                        + "to standard error\ncat: /etc/shadow: Permission denied\n");
        assertThat(directory.resolve("out")).hasContent("0\n");
        assertThat(process.exitValue()).isEqualTo(3);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                if (!Files.isDirectory(file)) {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void giveAway(Path tree) throws IOException {
        var nobody = tree.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setOwner(file, nobody);
            }
        }
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwx------"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** However the JVM dies, no guest is left behind: its shutdown hook ends QEMU, or the guest sees that nobody listens. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noGuestOutlivesItsJvm(boolean kill) throws Exception {
        Path log = directory.resolve("stderr");
        Process process = new ProcessBuilder(java(
                        System.getProperty("java.class.path"),
                        "-Djava.io.tmpdir=" + directory,
                        "io.github.bcc4j.junit.VmChild",
                        "6.12",
                        "sh",
                        "-c",
                        "echo up; sleep 1000"))
                .redirectError(log.toFile())
                .start();
        try (BufferedReader out = process.inputReader()) {
            String first = out.readLine();
            assertThat(first).as(() -> text(log)).isEqualTo("up");
            List<ProcessHandle> qemu = process.descendants()
                    .filter(p -> p.info().command().orElse("").contains("qemu-system"))
                    .toList();
            assertThat(qemu).hasSize(1);
            if (kill) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }

            qemu.getFirst().onExit().get(30, TimeUnit.SECONDS);
            process.waitFor();
            if (!kill) {
                try (Stream<Path> left = Files.list(directory)) {
                    assertThat(left.filter(file -> file.getFileName().toString().startsWith("bcc4j")))
                            .isEmpty();
                }
            }
        } finally {
            process.destroyForcibly();
        }
    }
}

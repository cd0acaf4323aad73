package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestCommandTest {
    /** Quotes, line ends, what a shell expands, and bytes that busybox's shell uses for itself. */
    static final List<String> NASTY =
            List.of("it's", "", "a b\tc\nd", "$HOME `id` $(id) \\ \"x\" * ? ~ ! # ; & | <", "-n", "a=b", "\\'");

    @TempDir
    Path directory;

    private List<String> run(Map<String, String> environment, List<String> command) throws Exception {
        KernelImage image = KernelImageTest.fake(directory.resolve("boot/vmlinuz"), "1.2.3-test");
        GuestCommand.write(directory, image, directory, environment, command);
        Path busybox = HostProgram.require("busybox", "run a script", "busybox-static");
        HostProgram.Outcome outcome = HostProgram.run(
                false,
                Path.of("/"),
                busybox,
                List.of("sh", directory.resolve("command").toString()));
        return List.of(outcome.text().split("\0", -1));
    }

    @Test
    void everyWordArrivesAsItIs() throws Exception {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "for a in \"$@\"; do printf '%s\\0' \"$a\"; done", "sh"));
        command.addAll(NASTY);
        List<String> expected = new ArrayList<>(NASTY);
        expected.add("");
        assertThat(run(Map.of(), command)).isEqualTo(expected);
    }

    @Test
    void theEnvironmentIsExactlyThis() throws Exception {
        assertThat(run(Map.of("A_B", "x'y\nz"), List.of("/usr/bin/env", "-0"))).containsExactly("A_B=x'y\nz", "");
    }

    @Test
    void aProgramMayHaveAnEqualsSignInItsPath() throws Exception {
        Path program = directory.resolve("a=b");
        Files.writeString(program, "#!/bin/sh\necho \"$1\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(run(Map.of(), List.of(program.toString(), "hello"))).containsExactly("hello\n");
    }

    @Test
    void noWordCanHoldNul() {
        assertThatThrownBy(() -> GuestCommand.quote("a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an argument or variable of a command contains a NUL character");
    }

    @Test
    void theGuestLearnsWhereModulesAndHeadersAre() throws Exception {
        KernelImage image = KernelImageTest.fake(directory.resolve("boot/vmlinuz"), "1.2.3-test");
        Files.createDirectories(directory.resolve("lib/modules/1.2.3-test"));
        Files.writeString(directory.resolve("lib/modules/1.2.3-test/modules.dep"), "");
        Files.createDirectories(directory.resolve("usr/src/linux-headers-1.2.3-test"));

        GuestCommand.write(directory, image, directory, Map.of(), List.of("true"));

        assertThat(directory.resolve("settings"))
                .hasContent("modules='" + directory.toRealPath() + "/lib/modules'\nsources='" + directory.toRealPath()
                        + "/usr/src'\n");
    }
}

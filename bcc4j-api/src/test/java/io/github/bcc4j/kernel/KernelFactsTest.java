package io.github.bcc4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFactsTest {
    @Test
    void releasesAreReadAndCompared() {
        assertThat(KernelVersion.parse("6.1.0-56-amd64")).isEqualTo(new KernelVersion(6, 1, 0, "6.1.0-56-amd64"));
        assertThat(KernelVersion.parse("6.18.44-fc-v669\n").patch()).isEqualTo(44);
        assertThat(KernelVersion.parse("6.12")).isGreaterThan(KernelVersion.parse("6.1.99"));
        assertThat(KernelVersion.parse("5.15.3").isAtLeast(5, 15)).isTrue();
        assertThat(KernelVersion.parse("5.15.3").isAtLeast(6, 0)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelVersion.parse("linux"))
                .withMessage("not a kernel release: \"linux\"");
    }

    @Test
    void cpuListsAreRead() {
        assertThat(Cpus.parse("0-3,8,10-11\n").stream()).containsExactly(0, 1, 2, 3, 8, 10, 11);
        assertThat(Cpus.parse("2").stream()).containsExactly(2);
    }

    @Test
    void splitHeadersAreJoined(@TempDir Path root) throws IOException {
        Path common = root.resolve("src/linux-headers-9.9.0-common");
        Path own = root.resolve("src/linux-headers-9.9.0-amd64");
        for (String folder : new String[] {"include/linux", "include/uapi", "arch/x86/include/asm"}) {
            Files.createDirectories(common.resolve(folder));
        }
        Files.writeString(common.resolve("include/linux/kconfig.h"), "");
        Files.createDirectories(own.resolve("include/generated"));
        Files.createDirectories(own.resolve("arch/x86/include/generated"));
        Files.writeString(own.resolve("Makefile"), "include /usr/src/linux-headers-9.9.0-common/Makefile\n");
        KernelHeaders headers = KernelHeaders.at(own).orElseThrow();
        assertThat(headers.release()).isEqualTo("9.9.0-amd64");
        assertThat(headers.common()).contains(common);
        Path tree = headers.joined(Files.createDirectory(root.resolve("scratch")));
        assertThat(tree.resolve("include/linux/kconfig.h")).exists();
        assertThat(tree.resolve("include/generated")).isDirectory();
        assertThat(tree.resolve("arch/x86/include/asm")).isDirectory();
        assertThat(tree.resolve("arch/x86/include/generated")).isDirectory();
        assertThat(KernelHeaders.at(root.resolve("src"))).isEmpty();
        assertThat(KernelHeaders.at(root.resolve("nosuch"))).isEmpty();
    }

    @Test
    void aSourceFolderBesideTheBuildFolderIsJoined(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("source/include/linux"));
        Files.writeString(root.resolve("source/include/linux/kconfig.h"), "");
        Files.createDirectories(root.resolve("build/include/generated"));
        KernelHeaders headers = KernelHeaders.at(root.resolve("build")).orElseThrow();
        assertThat(headers.common()).contains(root.resolve("source"));
        Path tree = headers.joined(Files.createDirectory(root.resolve("scratch")));
        assertThat(tree.resolve("include/linux/kconfig.h")).exists();
        assertThat(tree.resolve("include/generated")).isDirectory();
    }

    @Test
    void aReleaseIsNoWayToOtherFolders() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelHeaders.places("6.1/../../../etc", Map.of()))
                .withMessage("not a kernel release: \"6.1/../../../etc\"");
        assertThat(KernelHeaders.places("6.12.107+deb13-amd64", Map.of("BCC_KERNEL_SOURCE", "/k")))
                .startsWith(Path.of("/k"), Path.of("/lib/modules/6.12.107+deb13-amd64/build"));
    }

    @Test
    @Tag("native")
    void whatIsTriedOnThisKernelIsSo() {
        assertThat(Features.programType(5, "tracepoint programs").isSupported()).isTrue();
        assertThat(Features.programType(9999, "nonsense").state()).isEqualTo(Features.State.UNSUPPORTED);
        assertThat(Features.mapType(1, 4, 8, 1, "hash").isSupported()).isTrue();
        assertThat(Features.kprobe().isSupported())
                .isEqualTo(Files.exists(Path.of("/sys/bus/event_source/devices/kprobe/type")));
    }

    @Test
    @Tag("native")
    void theDoctorHasAFixForWhatIsWrong() {
        Doctor doctor = Doctor.examine();
        assertThat(doctor.findings())
                .filteredOn(f -> f.status() == Doctor.Status.WARN || f.status() == Doctor.Status.FAIL)
                .allSatisfy(f -> assertThat(f.fix()).isNotBlank());
        assertThat(doctor.toString())
                .contains("libbcc ")
                .contains(KernelVersion.current().release());
    }

    @Test
    void membersAreFoundInUnnamedPartsAsWell() {
        assumeTrue(Features.btf().isSupported(), Features.btf().reason());
        assertThat(Features.member("task_struct", "tgid").isSupported()).isTrue();
        assertThat(Features.member("sock_common", "skc_daddr").isSupported()).isTrue(); // in a struct in a union
        assertThat(Features.member("task_struct", "no_such_member"))
                .isEqualTo(new Features.Result(Features.State.UNSUPPORTED, "task_struct has no no_such_member"));
        assertThat(Features.member("no_such_struct", "pid").reason()).isEqualTo("it has no struct no_such_struct");
    }
}

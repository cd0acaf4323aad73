package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.junit.VmException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** What becomes of tests in guests, and of guests in tests. */
@Tag("vm")
class KernelEngineTest {
    /** One run: the guests' ends disturb no class but their own. */
    @Test
    void everyEndOfATestAndOfAGuest() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream hostOut = System.out;
        PrintStream hostErr = System.err;
        Recorder recorder;
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            recorder = Recorder.run(
                    OnKernelsSample.CrashesBefore.class,
                    OnKernelsSample.Ends.class,
                    OnKernelsSample.Crashes.class,
                    OnKernelsSample.Hangs.class,
                    OnKernelsSample.TwiceAsAWhole.class,
                    OnKernelsSample.NoKernel.class);
        } finally {
            System.setOut(hostOut);
            System.setErr(hostErr);
        }

        String guest = "the guest with " + KernelImage.fetch("6.12").release();
        String panicked = ": failed: VmException: " + guest + " panicked: sysrq triggered crash";
        String exited = ": failed: VmException: the JVM in " + guest + " ended with status 3";
        assertThat(recorder.lines)
                .containsExactly(
                        "CrashesBefore > 6.12" + panicked,
                        "Ends > 6.12 > aborts(): aborted: no such device",
                        "Ends > 6.12 > fails(): failed: AssertionFailedError: [sum\tof",
                        "Ends > 6.12 > isDisabled(): skipped: on purpose",
                        "Ends > 6.12 > makes() > first: passed",
                        "Ends > 6.12 > makes() > second: failed: AssertionFailedError: ",
                        "Ends > 6.12 > printsAndPublishes(TestReporter): entry {key=a value}",
                        "Ends > 6.12 > printsAndPublishes(TestReporter): passed",
                        "Ends > 6.12 > repeats(String) > [1] word=one: passed",
                        "Ends > 6.12 > repeats(String) > [2] word=two: passed",
                        "Ends > 6.12 > takesTooLong(): failed: TimeoutException: takesTooLong() timed out after 200"
                                + " milliseconds",
                        "Ends > 6.12 > throwsTheUnspeakable(): failed: AssertionError: "
                                + OnKernelsSample.class.getName() + "$Unspeakable: can't be serialized",
                        "Crashes > 6.12 > a1Passes(): passed",
                        "Crashes > 6.12 > a2Panics()" + panicked,
                        "Crashes > 6.12 > a3PassesInAFreshGuest(): passed",
                        "Crashes > 6.12 > InNested > panicsAtTheEnd()" + panicked,
                        "Hangs > 6.12 > a1Hangs(): failed: VmException: " + guest
                                + " is hung: for 15 s no test has started or ended",
                        "Hangs > 6.12 > a2Exits(int) > [1] status=0: passed",
                        "Hangs > 6.12 > a2Exits(int) > [2] status=3" + exited,
                        "Hangs > 6.12 > a2Exits(int)" + exited,
                        "Hangs > 6.12 > a3Passes(): passed",
                        "TwiceAsAWhole > 6.12 > [1] number=1 > isOne(): passed",
                        "TwiceAsAWhole > 6.12 > [2] number=2 > isOne(): failed: AssertionFailedError: ",
                        "NoKernel > file:/no/such/bzImage: failed: VmException: read kernel /no/such/bzImage:"
                                + " java.io.FileNotFoundException: /no/such/bzImage (No such file or directory)");
        assertThat(out.toString().lines())
                .containsExactlyInAnyOrder(
                        "to standard output", "before the end of time", "from a process", "from a process");
        assertThat(err.toString()).isEqualTo("to standard error");
        assertThat(recorder.thrown.get("Ends > 6.12 > fails()"))
                .isInstanceOfSatisfying(AssertionFailedError.class, e -> {
                    assertThat(e.getExpected().getStringRepresentation()).isEqualTo("3");
                    assertThat(e.getStackTrace())
                            .anyMatch(f -> f.getMethodName().equals("fails") && f.getLineNumber() > 1);
                });
        assertThat(recorder.thrown.get("Ends > 6.12 > throwsTheUnspeakable()"))
                .hasMessageContaining("\tat " + OnKernelsSample.class.getName() + "$Ends.throwsTheUnspeakable(");
        assertThat(recorder.thrown.get("Crashes > 6.12 > a2Panics()")).isInstanceOfSatisfying(VmException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.PANIC);
            assertThat(e.getMessage()).contains("\n  console:\n").contains("Kernel panic - not syncing: sysrq");
        });
        assertThat(recorder.thrown.get("Hangs > 6.12 > a1Hangs()")).isInstanceOfSatisfying(VmException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(e.hint())
                    .hasValue("a test that takes longer: @OnKernels(timeoutSeconds = ...);"
                            + " @Timeout on it costs no guest");
        });
    }

    @Test
    void aHostWithoutTheMemoryAndANameThatIsNone() {
        Recorder recorder = Recorder.run(OnKernelsSample.Huge.class);
        assertThat(recorder.lines)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .matches(
                                "Huge > 6\\.12?: failed: VmException: a guest with 1000000000 MB of memory does not fit: this host"
                                        + " has \\d+ MB available"));
        assertThat(recorder.thrown.get("Huge > 6.1")).isInstanceOfSatisfying(VmException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.MEMORY);
            assertThat(e.hint()).hasValue("free some on the host, or ask for less: @OnKernels(memory = ...)");
        });
        assertThat(Recorder.run(OnKernelsSample.NoName.class).lines)
                .containsExactly("NoName > six: failed: VmException: @OnKernels(\"six\"): not a kernel version: \"six\""
                        + " (6.1, 6.12, 7, 6.1.0-56-amd64, or a path with a slash)");
    }

    /** In a mount namespace in which QEMU is no program. */
    @Test
    void aHostWithoutQemu() throws Exception {
        Process java = new ProcessBuilder(
                        "unshare",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        "mount --bind /dev/null \"$(command -v qemu-system-x86_64)\" && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Recorder.class.getName(),
                        OnKernelsSample.CrashesBefore.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var out = java.inputReader()) {
            assertThat(out.lines())
                    .containsExactly(
                            "CrashesBefore > 6.12: failed: VmException: qemu-system-x86_64 was not found in PATH;"
                                    + " it is needed to boot a kernel",
                            "qemu-system-x86_64 was not found in PATH; it is needed to boot a kernel",
                            "  hint: apt-get install qemu-system-x86");
        }
    }
}

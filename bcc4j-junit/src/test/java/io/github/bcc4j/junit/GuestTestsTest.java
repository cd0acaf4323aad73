package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.bcc4j.junit.GuestResult.Status;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** JUnit in guests. */
@Tag("vm")
class GuestTestsTest {
    @TestFactory
    Stream<DynamicNode> mirrored() throws InterruptedException {
        return GuestTests.onKernel("6.12")
                .select(GuestSample.Kprobe.class)
                .selectMethod(GuestSample.class, "passes")
                .selectMethod(GuestSample.class, "repeats(int)")
                .asDynamicTests();
    }

    @Test
    void everyKindOfEndAndACrash() throws Exception {
        List<GuestResult> results = GuestTests.onKernel("6.1")
                .select(GuestSample.class, GuestSample.Crash.class)
                .run();

        assertThat(results)
                .extracting(GuestResult::path, GuestResult::name, GuestResult::status)
                .containsExactlyInAnyOrder(
                        tuple(List.of("GuestSample"), "passes()", Status.PASSED),
                        tuple(List.of("GuestSample"), "fails()", Status.FAILED),
                        tuple(List.of("GuestSample"), "aborts()", Status.SKIPPED),
                        tuple(List.of("GuestSample"), "isDisabled()", Status.SKIPPED),
                        tuple(List.of("GuestSample", "repeats(int)"), "[1] number=1", Status.PASSED),
                        tuple(List.of("GuestSample", "repeats(int)"), "[2] number=2", Status.PASSED),
                        tuple(List.of("GuestSample"), "BrokenSetup", Status.FAILED),
                        tuple(List.of("GuestSample", "BrokenSetup"), "neverRuns()", Status.FAILED),
                        tuple(List.of("GuestSample$Crash"), "a1Passes()", Status.PASSED),
                        tuple(List.of("GuestSample$Crash"), "a2Panics()", Status.LOST),
                        tuple(List.of("GuestSample$Crash"), "a3NeverRuns()", Status.LOST));
        String release = KernelImage.fetch("6.1").release();
        assertThat(detail(results, "fails()"))
                .startsWith("org.opentest4j.AssertionFailedError: [sum\tof\nones] \nexpected: 3\n but was: 2\n\tat ")
                .contains("GuestSample.fails(GuestSample.java:");
        assertThat(detail(results, "aborts()")).isEqualTo("no such device");
        assertThat(detail(results, "isDisabled()")).isEqualTo("on purpose: the guest must tell");
        assertThat(detail(results, "BrokenSetup")).startsWith("java.lang.IllegalStateException: setup is broken\n");
        assertThat(detail(results, "a2Panics()"))
                .startsWith("was running when the guest was lost: the guest with " + release
                        + " panicked: sysrq triggered crash\n")
                .contains("Kernel panic - not syncing");
        assertThat(detail(results, "a3NeverRuns()"))
                .isEqualTo("did not run: the guest with " + release + " panicked: sysrq triggered crash");
    }

    private static String detail(List<GuestResult> results, String name) {
        return results.stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow()
                .detail();
    }

    @Test
    void aJvmThatDoesNotStart() {
        assertThatThrownBy(() -> GuestTests.onKernel("6.12")
                        .select(GuestSample.class)
                        .jvmFlags("-XX:NoSuchFlag")
                        .run())
                .isInstanceOf(VmException.class)
                .hasMessageStartingWith("no test ran: the guest's JVM ended with status 1")
                .hasMessageContaining("NoSuchFlag");
    }

    @Test
    void nothingMatches() {
        assertThatThrownBy(() -> GuestTests.onKernel("6.12")
                        .select(GuestSample.class)
                        .includeTags("nowhere")
                        .run())
                .isInstanceOf(VmException.class)
                .hasMessage("no test matches [class=io.github.bcc4j.junit.GuestSample, tag=nowhere]");
        assertThatThrownBy(() -> GuestTests.onKernel("6.12").run()).hasMessage("no test selected");
    }
}

package io.github.bcc4j.tests;

import io.github.bcc4j.junit.GuestTests;
import io.github.bcc4j.tests.guest.CorpusGuestTest;
import io.github.bcc4j.tests.guest.ExperimentGuestTest;
import io.github.bcc4j.tests.guest.HotplugGuestTest;
import io.github.bcc4j.tests.guest.KernelStructsGuestTest;
import io.github.bcc4j.tests.guest.KprobeGuestTest;
import io.github.bcc4j.tests.guest.ProbeSetsGuestTest;
import io.github.bcc4j.tests.guest.RewriterGuestTest;
import io.github.bcc4j.tests.guest.ThirtyFieldsGuestTest;
import io.github.bcc4j.tests.guest.TracingGuestTest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The tests that need a kernel with kprobes, and those of the running kernel once more, on Debian's kernels in virtual machines: one boot
 * each, every guest test a test of its own here.
 */
@Tag("vm")
@Timeout(value = 20, unit = TimeUnit.MINUTES) // two minutes on a quiet machine
class GuestSuiteTest {
    private static GuestTests on(String kernel) {
        return GuestTests.onKernel(kernel)
                .timeout(Duration.ofMinutes(18))
                .select(
                        ExperimentGuestTest.class,
                        KprobeGuestTest.class,
                        KernelStructsGuestTest.class,
                        ThirtyFieldsGuestTest.class,
                        ProbeSetsGuestTest.class,
                        TracingGuestTest.class,
                        RewriterGuestTest.class,
                        HotplugGuestTest.class,
                        CorpusGuestTest.class,
                        TracepointTest.class,
                        RefusalTest.class,
                        KillTest.class);
    }

    @TestFactory
    Stream<DynamicNode> linux61() throws InterruptedException {
        // which has kprobes, and no links of many kprobes or uprobes
        return on("6.1")
                .selectMethod(AttachMatrixTest.class, "aNameThatIsNotThere")
                .selectMethod(AttachMatrixTest.class, "aPlaceThatIsThereWorksOrTheKernelLacksIt")
                .asDynamicTests();
    }

    @TestFactory
    Stream<DynamicNode> linux612() throws InterruptedException {
        return on("6.12").asDynamicTests();
    }

    /** On the newest, what depends on the kernel's own structs. */
    @TestFactory
    Stream<DynamicNode> linux7() throws InterruptedException {
        return GuestTests.onKernel("7")
                .timeout(Duration.ofMinutes(18))
                .select(ThirtyFieldsGuestTest.class, CorpusGuestTest.class)
                .asDynamicTests();
    }
}

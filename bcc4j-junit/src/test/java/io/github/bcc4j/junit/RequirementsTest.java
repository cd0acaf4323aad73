package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.kernel.KernelVersion;
import io.github.bcc4j.kernel.Privileges.Capability;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Tests are skipped where the kernel certainly lacks something, and fail where nobody knows. */
@Tag("native")
@Timeout(60)
class RequirementsTest {
    @RequiresKernel(min = "4.9")
    @RequiresFeature({KernelFeature.BTF, KernelFeature.RING_BUFFER})
    @RequiresCapability({Capability.CAP_BPF, Capability.CAP_SYS_ADMIN})
    static class Fits {
        @Test
        void runs() {}
    }

    @Test
    void whatIsThereRuns() {
        Run.passes(Fits.class, 1);
    }

    static class OfTheFuture {
        @Test
        @RequiresKernel(min = "99.1")
        void skipped() {}
    }

    @Test
    void anOldKernelSkips() {
        EngineExecutionResults results = Run.of(OfTheFuture.class);
        results.testEvents().assertStatistics(s -> s.skipped(1).started(0));
        assertThat(Run.reasonOfSkip(results))
                .isEqualTo("needs Linux 99.1 or newer; this is Linux " + KernelVersion.current());
    }

    static class Kprobes {
        @Test
        @RequiresFeature({KernelFeature.BTF, KernelFeature.KPROBE})
        void ran() {}
    }

    @Test
    void aKernelThatLacksAFeatureSkipsWithTheProof() {
        EngineExecutionResults results = Run.of(Kprobes.class);
        if (Features.kprobe().isSupported()) {
            results.testEvents().assertStatistics(s -> s.succeeded(1).skipped(0));
        } else {
            results.testEvents().assertStatistics(s -> s.skipped(1).started(0));
            assertThat(Run.reasonOfSkip(results))
                    .isEqualTo("Linux " + KernelVersion.current()
                            + " lacks KPROBE: it has no kprobes (no /sys/bus/event_source/devices/kprobe)");
        }
    }

    static class WrongVersion {
        @Test
        @RequiresKernel(min = "new")
        void never() {}
    }

    @Test
    void aVersionThatIsNoneFails() {
        assertThat(Run.failure(Run.of(WrongVersion.class)))
                .hasStackTraceContaining("@RequiresKernel(min = \"new\"): not a kernel release: \"new\"");
    }

    static class Rings {
        @Test
        @RequiresFeature(KernelFeature.RING_BUFFER)
        void never() {}
    }

    static class Bpf {
        @Test
        @RequiresCapability(Capability.CAP_BPF)
        void never() {}
    }

    static class BpfOrNot {
        @Test
        @RequiresCapability(
                value = {Capability.CAP_BPF, Capability.CAP_NET_ADMIN},
                orSkip = true)
        void never() {}
    }

    /** The child, without any right: prints what came of the samples. */
    static final class Powerless {
        private Powerless() {}

        public static void main(String[] args) {
            for (Class<?> sample : List.of(Rings.class, Bpf.class)) {
                Throwable failure = Run.failure(Run.of(sample));
                System.out.println(failure.getMessage().replace("\n", " "));
            }
            System.out.println(Run.reasonOfSkip(Run.of(BpfOrNot.class)));
        }
    }

    @Test
    void whoMayNotLookFails() throws Exception {
        String none = "-all";
        Process child = new ProcessBuilder(
                        "setpriv",
                        "--bounding-set=" + none,
                        "--inh-caps=" + none,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Powerless.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .startsWith("whether Linux " + KernelVersion.current() + " has RING_BUFFER can't be found out, so the"
                        + " test is not skipped: making a ring buffer is forbidden: this process lacks CAP_BPF");
        assertThat(lines.get(1))
                .startsWith("this process lacks CAP_BPF, which is no lack of the kernel, so the test is not skipped:"
                        + " start it by setpriv ")
                .endsWith("--ambient-caps=+bpf, or let it have @RequiresCapability(orSkip = true)");
        assertThat(lines.get(2)).isEqualTo("this process lacks CAP_BPF and CAP_NET_ADMIN");
    }
}

package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelReleaseTest {
    private static final List<String> OFFERED = List.of(
            "6.1.0-9-amd64",
            "6.1.0-56-amd64",
            "6.1.0-57-rt-amd64",
            "6.1.0-58-cloud-amd64",
            "6.12-amd64",
            "6.12.115+deb12-amd64",
            "6.12.115+deb13-amd64",
            "6.12.115+deb13.1-amd64",
            "6.12.99+deb13-amd64",
            "7.2.13+deb14-amd64",
            "7.3.4+deb13-amd64",
            "amd64");

    @Test
    void theNewestPlainReleaseOfAVersion() {
        assertThat(KernelRelease.newest("6.1", OFFERED)).contains("6.1.0-56-amd64");
        assertThat(KernelRelease.newest("6.12", OFFERED)).contains("6.12.115+deb13.1-amd64");
        assertThat(KernelRelease.newest("6.12.99", OFFERED)).contains("6.12.99+deb13-amd64");
        assertThat(KernelRelease.newest("6", OFFERED)).contains("6.12.115+deb13.1-amd64");
        assertThat(KernelRelease.newest("7", OFFERED)).contains("7.3.4+deb13-amd64");
    }

    @Test
    void anExactReleaseOfAnyFlavour() {
        assertThat(KernelRelease.newest("6.1.0-9-amd64", OFFERED)).contains("6.1.0-9-amd64");
        assertThat(KernelRelease.newest("6.1.0-57-rt-amd64", OFFERED)).contains("6.1.0-57-rt-amd64");
    }

    @Test
    void aVersionDoesNotMatchInTheMiddleOfANumber() {
        assertThat(KernelRelease.newest("6.1.0-5", OFFERED)).isEmpty();
        assertThat(KernelRelease.newest("5.10", OFFERED)).isEmpty();
        assertThat(KernelRelease.newest("6.12.11", OFFERED)).isEmpty();
    }

    @Test
    void numbersAreComparedByValue() {
        assertThat(List.of("6.12.100", "6.12.99", "6.1.0-10", "6.1.0-9", "6.1", "7.0").stream()
                        .sorted(KernelRelease.ORDER))
                .containsExactly("6.1", "6.1.0-9", "6.1.0-10", "6.12.99", "6.12.100", "7.0");
    }
}

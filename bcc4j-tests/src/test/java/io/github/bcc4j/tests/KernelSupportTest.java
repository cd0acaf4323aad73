package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.kernel.KernelVersion;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/kernel-support.md says what this kernel does. */
@OnKernels({OnKernels.HERE, "6.1", "6.12", "7"})
@Tag("native")
class KernelSupportTest {
    @Test
    void theDocumentIsTrue() throws IOException {
        KernelVersion kernel = KernelVersion.current();
        boolean guest = Boolean.getBoolean("bcc4j.guest");
        Optional<Map<String, String>> column = SupportDocument.read().column(kernel, guest);
        assumeTrue(column.isPresent() || guest, "docs/kernel-support.md was written on a host with another kernel");
        assertThat(SupportDocument.differences(column.orElse(Map.of()), KernelSupport.answers()))
                .as(
                        "docs/kernel-support.md is out of date for Linux %s; write it anew: %s",
                        kernel.release(), SupportDocument.COMMAND)
                .isEmpty();
    }
}

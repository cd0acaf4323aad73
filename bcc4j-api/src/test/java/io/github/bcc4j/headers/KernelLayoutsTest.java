package io.github.bcc4j.headers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.kernel.KernelTarget;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every struct of the kernel, as we write it, is laid out by the compiler as the kernel has it. */
@Tag("native")
class KernelLayoutsTest {
    private static final int AT_ONCE = 1000;

    @Test
    void everyStructOfTheKernelIsWrittenWithItsLayout() {
        KernelTarget target = KernelTarget.running();
        String other = System.getenv("BCC4J_TEST_BTF");
        if (other != null) {
            target = KernelTarget.of("6.1.0", Path.of(other));
        }
        KernelLayouts layouts = new KernelLayouts(target);
        List<Integer> all = layouts.all();
        assertThat(all).hasSizeGreaterThan(3000);
        assertThat(layouts.opaque()).isEmpty();
        for (int i = 0; i < all.size(); i += AT_ONCE) {
            layouts.check(all.subList(i, Math.min(all.size(), i + AT_ONCE)));
        }
    }
}

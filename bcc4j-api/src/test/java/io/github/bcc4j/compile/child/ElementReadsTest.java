package io.github.bcc4j.compile.child;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of libbcc's insertions are changed, and how. What comes of it is tested with programs that run. */
class ElementReadsTest {
    @ParameterizedTest
    @ValueSource(strings = {"bpf_probe_read", "bpf_probe_read_kernel"})
    void theBeginningOfAReadGetsTheMacro(String helper) {
        String before = "({ typeof(int) _val; __builtin_memset(&_val, 0, sizeof(_val)); " + helper
                + "(&_val, sizeof(_val), (void *)(";
        assertThat(ElementReads.corrected(before + "(&")).hasValue(before + "__bcc4j_elements(" + helper + ", ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "({ typeof(int) _val; bpf_probe_read(&_val, sizeof(_val), (void *)((",
                "({ typeof(int) _val; bpf_probe_read(&_val, sizeof(_val), (void *)&",
                "__attribute__((always_inline))\n",
                " (&_val, sizeof(_val), (void *)((& "
            })
    void everythingElseIsLeftAlone(String inserted) {
        assertThat(ElementReads.corrected(inserted)).isEmpty();
    }

    @Test
    void theMacroIsOneFlag() {
        assertThat(ElementReads.FLAG)
                .startsWith("-D__bcc4j_elements(read, ...)=")
                .doesNotContain("\n");
    }
}

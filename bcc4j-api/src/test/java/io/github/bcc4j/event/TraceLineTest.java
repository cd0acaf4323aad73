package io.github.bcc4j.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TraceLineTest {
    @Test
    void linesAreTakenApart() {
        assertThat(TraceLine.parse(
                        "           <...>-1234    [001] d..31  4321.123456: bpf_trace_printk: Hello, World!"))
                .contains(new TraceLine("<...>", 1234, 1, "d..31", 4321.123456, "Hello, World!"));
        assertThat(TraceLine.parse("  a-b c: (d)-77      [000] ....1 0.000001: 0: x: y"))
                .contains(new TraceLine("a-b c: (d)", 77, 0, "....1", 0.000001, "x: y"));
    }

    @Test
    void lossesAreCountedAndOtherLinesAreNot() {
        assertThat(TraceLine.lost("CPU:1 [LOST 17 EVENTS]")).isEqualTo(17);
        assertThat(TraceLine.lost("anything")).isZero();
        assertThat(TraceLine.parse("CPU:1 [LOST 17 EVENTS]")).isEmpty();
        assertThat(TraceLine.parse("")).isEmpty();
    }
}

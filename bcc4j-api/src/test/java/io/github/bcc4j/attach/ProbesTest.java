package io.github.bcc4j.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.BpfException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbesTest {
    @Test
    void placesAreReadAndWrittenAsBccDoes() {
        assertThat(KprobeSpec.entry("vfs_read")).hasToString("p:vfs_read");
        assertThat(KprobeSpec.entry("vfs_read+0x1f"))
                .isEqualTo(new KprobeSpec("vfs_read", 31, false, 0))
                .hasToString("p:vfs_read+0x1f");
        assertThat(KprobeSpec.returnOf("foo.isra.0")).hasToString("r:foo.isra.0");
        assertThat(TracepointSpec.of("sched:sched_switch")).hasToString("t:sched:sched_switch");
        assertThat(new RawTracepointSpec("sys_enter")).hasToString("rt:sys_enter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "9x", "a+", "a+x", "a;rm"})
    void whatIsNoKernelSymbolIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KprobeSpec.entry(text))
                .withMessageContaining("not a kernel symbol");
    }

    @Test
    void impossiblePlacesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KprobeSpec("f", 4, true, 0))
                .withMessage("a return probe of f takes no offset");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KprobeSpec("f", 0, false, 8))
                .withMessage("maxActive is for return probes, not for the entry of f");
        assertThatIllegalArgumentException().isThrownBy(() -> new KprobeSpec("f", 0, true, 5000));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TracepointSpec.of("sched_switch"))
                .withMessage("a tracepoint is written category:name, not \"sched_switch\"");
        assertThatIllegalArgumentException().isThrownBy(() -> TracepointSpec.of("../etc:passwd"));
        assertThatIllegalArgumentException().isThrownBy(() -> new RawTracepointSpec("a:b"));
    }

    @Test
    @Tag("native")
    void systemCallsHaveThisKernelsNames() {
        String clone = Probes.syscallName("clone");
        assertThat(clone).matches("__(x64|arm64)_sys_clone");
        assertThat(Probes.fixSyscallName("sys_clone")).isEqualTo(clone);
        assertThat(Probes.fixSyscallName("__ia32_compat_sys_clone")).isEqualTo(clone);
        assertThat(Probes.fixSyscallName("vfs_read")).isEqualTo("vfs_read");
        assertThat(Probes.kernelFunctions(Pattern.compile("vfs_(read|write)")))
                .containsExactlyInAnyOrder("vfs_read", "vfs_write");
    }

    @Test
    @Tag("native")
    void theRunningKernelsFunctionsAreTraceableOrExplained() {
        assertThat(Probes.isTraceable("vfs_read")).isTrue();
        assertThat(Probes.explain("vfs_read"))
                .isEqualTo("vfs_read exists; the kernel gave no reason. An offset must be the start of an instruction");
        assertThat(Probes.isTraceable("qqqqqqqqqqq")).isFalse();
        assertThat(Probes.explain("qqqqqqqqqqq"))
                .isEqualTo("this kernel has no function qqqqqqqqqqq (it may be inlined, or named otherwise)");
        assertThat(Probes.explain("vfs_raed"))
                .startsWith("this kernel has no function vfs_raed (it may be inlined, or named otherwise); there is ")
                .contains("vfs_read");
    }

    @Test
    @Tag("native")
    void tracepointsAreFoundAndTheirAbsenceExplained() {
        assertThat(Probes.tracepointExists("sched", "sched_switch")).isTrue();
        assertThat(Probes.tracepointId("sched", "sched_switch")).isPositive();
        assertThat(Probes.tracepointFormat("sched", "sched_switch")).contains("prev_comm");
        assertThat(Probes.tracepoints(Pattern.compile("sched:sched_process_(fork|exit)")))
                .containsExactly("sched:sched_process_exit", "sched:sched_process_fork");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Probes.tracepointId("task", "sched_switch"))
                .withMessageContaining("this kernel has no tracepoint task:sched_switch")
                .satisfies(e -> assertThat(e.hint()).contains("there is sched:sched_switch"));
    }
}

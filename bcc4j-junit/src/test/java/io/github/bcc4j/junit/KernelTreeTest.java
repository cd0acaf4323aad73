package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import io.github.bcc4j.junit.VmException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which tests run where; nothing runs here. */
class KernelTreeTest {
    private static final String CRASHES = OnKernelsSample.Crashes.class.getName();

    @BeforeEach
    @AfterEach
    void asAnnotated() {
        System.clearProperty("bcc4j.kernels");
        System.clearProperty("bcc4j.kernels.every");
        System.clearProperty("bcc4j.vm.parallel");
    }

    @Test
    void aMethodsOwnAnnotationIsStrongerThanItsClasss() {
        assertThat(Recorder.discover(selectClass(OnKernelsSample.AlsoHere.class)))
                .containsExactlyInAnyOrder(
                        "AlsoHere > runs()", "AlsoHere > 6.12 > runs()", "AlsoHere > 6.1 > runsElsewhere()");
        assertThat(Recorder.discover(selectMethod(OnKernelsSample.AlsoHere.class, "runsElsewhere")))
                .containsExactly("AlsoHere > 6.1 > runsElsewhere()");
    }

    @Test
    void nestedClassesAndWhatMakesTestsAreInEachKernel() {
        System.setProperty("bcc4j.kernels", "7, file:/boot/vmlinuz");
        assertThat(Recorder.discover(selectClass(OnKernelsSample.Crashes.class)))
                .containsExactlyInAnyOrder(
                        "Crashes > 7 > a1Passes()",
                        "Crashes > 7 > a2Panics()",
                        "Crashes > 7 > a3PassesInAFreshGuest()",
                        "Crashes > 7 > InNested > panicsAtTheEnd()",
                        "Crashes > file:/boot/vmlinuz > a1Passes()",
                        "Crashes > file:/boot/vmlinuz > a2Panics()",
                        "Crashes > file:/boot/vmlinuz > a3PassesInAFreshGuest()",
                        "Crashes > file:/boot/vmlinuz > InNested > panicsAtTheEnd()");
        assertThat(Recorder.discover(selectClass(OnKernelsSample.Ends.class)))
                .contains("Ends > 7 > makes()", "Ends > 7 > repeats(String)");
    }

    /** As development environments ask for what has failed. */
    @Test
    void byUniqueId() {
        String engine = "[engine:bcc4j-kernels]/[class:" + CRASHES + "]";
        System.setProperty("bcc4j.kernels", "6.1,6.12");
        assertThat(Recorder.discover(selectUniqueId(engine + "/[kernel:6.12]/[method:a1Passes()]")))
                .containsExactly("Crashes > 6.12 > a1Passes()");
        assertThat(Recorder.discover(
                        selectUniqueId(engine + "/[kernel:6.1]/[nested-class:InNested]/[method:panicsAtTheEnd()]")))
                .containsExactly("Crashes > 6.1 > InNested > panicsAtTheEnd()");
        assertThat(Recorder.discover(selectUniqueId(engine + "/[kernel:6.1]"))).hasSize(4);
    }

    @Test
    void testsWithoutAnAnnotationRunThereIfToldSo() {
        System.setProperty("bcc4j.kernels.every", "6.1,7");
        assertThat(Recorder.discover(selectClass(CpioTest.class)))
                .containsExactly(
                        "CpioTest > 6.1 > anotherProgramReadsTheArchiveBack(Path)",
                        "CpioTest > 7 > anotherProgramReadsTheArchiveBack(Path)");
        assertThat(Recorder.discover(selectClass(OnKernelsSample.CrashesBefore.class)))
                .containsExactly("CrashesBefore > 6.12 > neverRuns()");
    }

    @Test
    void asManyGuestsAsFit() {
        assertThat(HostMemory.guests(3, 3072, 24_000)).isEqualTo(3);
        assertThat(HostMemory.guests(3, 3072, 8_000)).isEqualTo(2);
        assertThat(HostMemory.guests(3, 3072, 3072)).isEqualTo(1);
        assertThatThrownBy(() -> HostMemory.guests(3, 3072, 3071))
                .isInstanceOfSatisfying(
                        VmException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MEMORY))
                .hasMessage("a guest with 3072 MB of memory does not fit: this host has 3071 MB available\n"
                        + "  hint: free some on the host, or ask for less: @OnKernels(memory = ...)");
        System.setProperty("bcc4j.vm.parallel", "1");
        assertThat(HostMemory.guests(3, 3072, 24_000)).isEqualTo(1);
    }
}

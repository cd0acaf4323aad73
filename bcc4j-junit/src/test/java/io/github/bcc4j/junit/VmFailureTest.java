package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.junit.VmException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmFailureTest {
    @TempDir
    Path directory;

    private KernelImage image;

    @BeforeEach
    void image() throws Exception {
        image = KernelImageTest.fake(directory.resolve("boot/vmlinuz"), "6.1.0-1-amd64");
    }

    private VmException ended(int status, String console) {
        return VmFailure.ended(image, 512, status, console);
    }

    @Test
    void aPanicIsNamed() {
        VmException e = ended(0, "[ 1.0] BUG: bad\n[ 1.1] Kernel panic - not syncing: Fatal exception\n[ 1.2] end\n");

        assertThat(e.reason()).isEqualTo(Reason.PANIC);
        assertThat(e).hasMessage("""
                the guest with 6.1.0-1-amd64 panicked: Fatal exception
                  console:
                    [ 1.0] BUG: bad
                    [ 1.1] Kernel panic - not syncing: Fatal exception
                    [ 1.2] end""");
        assertThat(e.console()).startsWith("[ 1.0] BUG: bad\n");
    }

    @Test
    void whatTheFirstProcessSaidIsTheMessage() {
        VmException e = ended(87, "noise\nbcc4j-vm: the host's root does not mount over 9p\n");

        assertThat(e.reason()).isEqualTo(Reason.GUEST);
        assertThat(e.getMessage())
                .startsWith(
                        "the guest with 6.1.0-1-amd64 could not be set up: the host's root does not mount over 9p\n");
    }

    @Test
    void noMemory() {
        VmException e = ended(1, "qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory\n");

        assertThat(e.reason()).isEqualTo(Reason.MEMORY);
        assertThat(e.getMessage())
                .startsWith("the guest with 6.1.0-1-amd64 could not get 512 MB of memory\n")
                .endsWith("\n  hint: give it less, or free some on the host");
    }

    @Test
    void qemuRefusesItsArguments() {
        VmException e = ended(1, "qemu-system-x86_64: -virtfs: invalid option\n");

        assertThat(e.reason()).isEqualTo(Reason.QEMU);
        assertThat(e).hasMessage("""
                QEMU ended with status 1 before the guest with 6.1.0-1-amd64 did
                  console:
                    qemu-system-x86_64: -virtfs: invalid option
                  hint: QEMU 7.2 or newer with 9p is needed: apt-get install qemu-system-x86""");
    }

    @Test
    void switchedOff() {
        assertThat(ended(0, ""))
                .hasMessage("the guest with 6.1.0-1-amd64 ended without an exit status:"
                        + " the command, or the kernel, switched it off");
    }

    @Test
    void theConsoleKeepsItsEndInWholeLines() {
        Tail tail = new Tail(24);
        byte[] text = "first line\r\n\033[0msecond\r\nthird\n".getBytes();
        tail.write(text, 0, text.length);

        assertThat(tail.text()).isEqualTo("second\nthird\n");
    }
}

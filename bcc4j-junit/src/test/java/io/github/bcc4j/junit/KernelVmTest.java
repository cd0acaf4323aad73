package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.junit.VmException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boots real kernels. */
@Tag("vm")
class KernelVmTest {
    private static KernelImage linux61;
    private static KernelImage linux612;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void fetch() throws Exception {
        linux61 = KernelImage.fetch("6.1");
        linux612 = KernelImage.fetch("6.12");
    }

    private VmResult shell(KernelVm vm, String script, String... more) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(more));
        return vm.run(command, out, err);
    }

    @Test
    void aCommandOn61() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "host");
        Path share = directory.resolve("share");
        try (KernelVm vm = KernelVm.builder(linux61)
                .share(share)
                .directory(directory)
                .environment("SAID", "it's so")
                .compilesOnHost()
                .build()) {
            VmResult result = shell(vm, """
                    for a in "$@"; do printf '%s\\0' "$a"; done
                    { uname -r; id -u; pwd; echo "$SAID"; echo "$BCC4J_COMPILE_SPOOL"; } >&2
                    cat /sys/bus/event_source/devices/kprobe/type >/out/kprobe
                    wc -l </sys/kernel/tracing/available_events >/out/tracepoints
                    ls -d /lib/modules/$(uname -r)/build/include /usr/src/linux-headers-$(uname -r) >/out/headers
                    cat victim >/out/seen
                    echo guest >victim && cat victim >/out/overlaid
                    mkdir -p /mnt/again && mount -t 9p -o trans=virtio,version=9p2000.L hostroot /mnt/again
                    if echo guest >"/mnt/again$PWD/victim"; then echo written; else echo refused; fi >/out/root 2>/dev/null
                    ip -o link show lo | grep -o '<.*>' >/out/lo
                    modprobe veth && ls -d /sys/module/veth >/out/modprobe
                    exit 42
                    """, GuestCommandTest.NASTY.toArray(String[]::new));

            assertThat(err.toString())
                    .startsWith(linux61.release() + "\n0\n" + directory + "\nit's so\n/out/compile\n");
            assertThat(out.toString()).isEqualTo(String.join("\0", GuestCommandTest.NASTY) + "\0");
            assertThat(result.exitStatus()).isEqualTo(42);
            assertThat(result.share()).isEqualTo(share);
            assertThat(result.duration()).isPositive();
        }
        assertThat(Integer.parseInt(Files.readString(share.resolve("kprobe")).strip()))
                .isPositive();
        assertThat(Integer.parseInt(
                        Files.readString(share.resolve("tracepoints")).strip()))
                .isGreaterThan(1000);
        assertThat(share.resolve("headers"))
                .hasContent("/lib/modules/" + linux61.release() + "/build/include\n/usr/src/linux-headers-"
                        + linux61.release() + "\n");
        assertThat(share.resolve("seen")).hasContent("host");
        assertThat(share.resolve("overlaid")).hasContent("guest\n");
        assertThat(share.resolve("root")).hasContent("refused\n");
        assertThat(share.resolve("lo")).content().contains("UP");
        assertThat(share.resolve("modprobe")).hasContent("/sys/module/veth\n");
        assertThat(victim).hasContent("host");
        try (var files = Files.list(share)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "kprobe",
                            "tracepoints",
                            "headers",
                            "seen",
                            "overlaid",
                            "root",
                            "lo",
                            "modprobe",
                            "compile");
        }
    }

    @Test
    void muchOutputAndAServiceOn612() throws Exception {
        List<String> calls = new ArrayList<>();
        KernelVm vm = KernelVm.builder(linux612)
                .cpus(1)
                .memory(512)
                .whileRunning(share -> {
                    calls.add("opened with " + Files.isDirectory(share));
                    return () -> calls.add("closed");
                })
                .build();
        VmResult result = shell(vm, """
                    uname -r >/out/release
                    (sleep 1000; echo late) &
                    seq 1 100000
                    seq 100000 -1 1 >&2
                    kill -9 $$
                    """);

        assertThat(result.exitStatus()).isEqualTo(137);
        assertThat(result.share().resolve("release")).hasContent(linux612.release() + "\n");
        assertThat(calls).containsExactly("opened with true", "closed");
        vm.close();
        assertThat(result.share()).doesNotExist();
        assertThatThrownBy(() -> shell(vm, "true")).hasMessage("this virtual machine is closed");
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= 100_000; i++) {
            lines.add(Integer.toString(i));
        }
        assertThat(out.toString().equals(String.join("\n", lines) + "\n")).isTrue();
        assertThat(err.toString().equals(String.join("\n", lines.reversed()) + "\n"))
                .isTrue();
    }

    @Test
    void aCommandThatIsNotThere() throws Exception {
        try (KernelVm vm = KernelVm.builder(linux612).build()) {
            assertThat(vm.run(List.of("no-such-program"), out, err).exitStatus())
                    .isEqualTo(127);
        }
        assertThat(err.toString()).contains("no-such-program").contains("No such file or directory");
    }

    @Test
    void timeIsOver() throws Exception {
        try (KernelVm vm =
                KernelVm.builder(linux612).timeout(Duration.ofSeconds(12)).build()) {
            assertThatThrownBy(() -> shell(vm, "echo begun; echo 'said by the guest' >/dev/kmsg; sleep 1000"))
                    .isInstanceOfSatisfying(VmException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.TIMEOUT);
                        assertThat(e.hint().orElseThrow()).startsWith("give it more time");
                    })
                    .hasMessageStartingWith("the guest with " + linux612.release() + " did not end within 12 s");
        }
        assertThat(out.toString()).isEqualTo("begun\n");
    }

    @Test
    void theKernelPanics() throws Exception {
        try (KernelVm vm = KernelVm.builder(linux61).build()) {
            assertThatThrownBy(() -> shell(vm, "echo before; echo c >/proc/sysrq-trigger"))
                    .isInstanceOfSatisfying(VmException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.PANIC);
                        assertThat(e.console()).contains("Kernel panic - not syncing: sysrq triggered crash");
                    })
                    .hasMessageStartingWith("the guest with " + linux61.release() + " panicked: sysrq triggered crash");
        }
        assertThat(out.toString()).isEqualTo("before\n");
    }

    @Test
    void theCommandSwitchesTheGuestOff() throws Exception {
        try (KernelVm vm = KernelVm.builder(linux612).build()) {
            assertThatThrownBy(() -> shell(vm, "/run/bcc4j/busybox poweroff -f"))
                    .isInstanceOfSatisfying(
                            VmException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_STATUS))
                    .hasMessageStartingWith("the guest with " + linux612.release() + " ended without an exit status");
        }
    }

    @Test
    void tooMuchMemory() throws Exception {
        try (KernelVm vm = KernelVm.builder(linux612).memory(1_000_000_000).build()) {
            assertThatThrownBy(() -> shell(vm, "true"))
                    .isInstanceOfSatisfying(
                            VmException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MEMORY))
                    .hasMessageStartingWith(
                            "the guest with " + linux612.release() + " could not get 1000000000 MB of memory");
        }
    }

    @Test
    void anotherThreadClosesTheGuest() throws Exception {
        KernelVm vm = KernelVm.builder(linux612).build();
        OutputStream closesAtFirstLine = new OutputStream() {
            @Override
            public void write(int b) {
                Thread.ofPlatform().start(vm::close);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                write(0);
            }
        };

        assertThatThrownBy(() -> vm.run(List.of("sh", "-c", "echo up; sleep 1000"), closesAtFirstLine, err))
                .isInstanceOf(VmException.class)
                .hasMessage("the guest with " + linux612.release() + " was ended by close()");
    }

    @Test
    void outputThatNobodyTakesEndsTheGuest() throws Exception {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("disk full");
            }
        };
        try (KernelVm vm = KernelVm.builder(linux612).build()) {
            assertThatThrownBy(() -> vm.run(List.of("sh", "-c", "echo up; sleep 1000"), full, err))
                    .isInstanceOf(VmException.class)
                    .hasMessage("run a guest with " + linux612 + ": java.io.IOException: disk full");
        }
    }

    @Test
    void anInterruptEndsTheGuest() throws Exception {
        List<String> calls = new ArrayList<>();
        try (KernelVm vm = KernelVm.builder(linux612)
                .whileRunning(share -> {
                    Thread.currentThread().interrupt();
                    return () -> calls.add("closed");
                })
                .build()) {
            assertThatThrownBy(() -> shell(vm, "true")).isInstanceOf(InterruptedException.class);
        }
        assertThat(calls).containsExactly("closed");
    }

    @Test
    void noSuchVersion() {
        assertThatThrownBy(() -> KernelImage.fetch("4.4"))
                .isInstanceOfSatisfying(
                        VmException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KERNEL))
                .hasMessageMatching("no Debian kernel 4\\.4: the mirror offers 6\\.1, [0-9., ]*\\R"
                        + "  hint: ask for one of these, or name a bzImage file \\(a path with a slash\\)");
    }

    @Test
    void wrongSettings() {
        KernelVm.Builder builder = KernelVm.builder(linux612);

        assertThatThrownBy(() -> builder.memory(64)).hasMessage("a guest needs 256 MB of memory at least, not 64");
        assertThatThrownBy(() -> builder.cpus(0)).hasMessage("a guest needs a processor, not 0");
        assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).hasMessage("not a positive time: PT0S");
        assertThatThrownBy(() -> builder.environment("A=B", "c"))
                .hasMessage("not the name of an environment variable: \"A=B\"");
    }
}

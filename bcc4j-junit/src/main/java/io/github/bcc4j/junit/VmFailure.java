package io.github.bcc4j.junit;

import io.github.bcc4j.junit.VmException.Reason;
import java.time.Duration;
import java.util.List;

/** Tells why a guest left no exit status, from what QEMU and the console said. */
final class VmFailure {
    private VmFailure() {}

    static VmException explain(KernelImage image, Duration timeout, int megabytes, boolean ended, Qemu qemu) {
        String console = qemu.console();
        return ended
                ? ended(image, megabytes, qemu.exitStatus(), console)
                : failure(
                        Reason.TIMEOUT,
                        "the guest with " + image.release() + " did not end within " + seconds(timeout),
                        "give it more time; on a host without KVM everything is ten to sixty times slower",
                        console);
    }

    static VmException hung(KernelImage image, String what, String console) {
        return failure(
                Reason.TIMEOUT,
                "the guest with " + image.release() + " " + what,
                "a test that takes longer: @OnKernels(timeoutSeconds = ...); @Timeout on it costs no guest",
                console);
    }

    static VmException ended(KernelImage image, int megabytes, int exitStatus, String console) {
        String guest = "the guest with " + image.release();
        List<String> own =
                console.lines().filter(line -> line.startsWith("bcc4j-vm: ")).toList();
        if (console.contains("Kernel panic - not syncing")) {
            return failure(Reason.PANIC, guest + " panicked" + panic(console), null, console);
        }
        if (!own.isEmpty()) {
            return failure(
                    Reason.GUEST,
                    guest + " could not be set up: " + own.getLast().substring("bcc4j-vm: ".length()),
                    "a kernel for this needs virtio, virtio_console, 9p and overlay",
                    console);
        }
        if (console.contains("cannot set up guest memory") || console.contains("Cannot allocate memory")) {
            return failure(
                    Reason.MEMORY,
                    guest + " could not get " + megabytes + " MB of memory",
                    "give it less, or free some on the host",
                    console);
        }
        if (exitStatus != 0 && exitStatus != Qemu.DONE) {
            return failure(
                    Reason.QEMU,
                    "QEMU ended with status " + exitStatus + " before " + guest + " did",
                    "QEMU 7.2 or newer with 9p is needed: apt-get install qemu-system-x86",
                    console);
        }
        return failure(
                Reason.NO_STATUS,
                guest + " ended without an exit status: the command, or the kernel, switched it off",
                null,
                console);
    }

    private static VmException failure(Reason reason, String message, String hint, String console) {
        List<String> lines = console.lines().filter(line -> !line.isBlank()).toList();
        String tail = String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        return new VmException(reason, message, hint, tail, null);
    }

    private static String panic(String console) {
        return console.lines()
                .filter(line -> line.contains("Kernel panic - not syncing"))
                .map(line -> ": "
                        + line.substring(line.indexOf("not syncing:") + "not syncing:".length())
                                .strip())
                .findFirst()
                .orElse("");
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}

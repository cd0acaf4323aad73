package io.github.bcc4j.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * KVM or emulation. A {@code /dev/kvm} that opens is no promise: nested in some clouds a guest hangs. So a kernel is booted
 * once under KVM, as far as its first process, and the answer is kept until the host boots again.
 */
final class Accelerator {
    private static final Path KVM = Path.of("/dev/kvm");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Accelerator() {}

    /** {@code kvm} or {@code tcg}. */
    static String choose(KernelImage image, Path initrd) throws IOException, InterruptedException {
        if (!Files.isReadable(KVM) || !Files.isWritable(KVM)) {
            return "tcg";
        }
        Path known = VmCache.directory("kvm").resolve(Files.readString(BOOT_ID).strip());
        if (!Files.exists(known)) {
            Path temporary = Files.createTempFile(known.getParent(), ".new-", "");
            Files.writeString(temporary, boots(image, initrd) ? "kvm" : "tcg");
            Files.move(temporary, known, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(known);
    }

    private static boolean boots(KernelImage image, Path initrd) throws IOException, InterruptedException {
        try (Qemu qemu = new Qemu()) {
            qemu.start(new Qemu.Machine(image.bzImage(), initrd, "kvm", 1, 512, "bcc4j.probe"));
            return qemu.await(PATIENCE) && qemu.exitStatus() == Qemu.DONE;
        }
    }
}

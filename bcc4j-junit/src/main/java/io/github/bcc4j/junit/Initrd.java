package io.github.bcc4j.junit;

import io.github.bcc4j.junit.VmException.Reason;
import io.github.bcc4j.kernel.KernelHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The guest's initial file system: a static busybox, the few modules that reach the host's files, and the first process.
 *
 * <p>It is not compressed: the guest unpacks more slowly than the host hands over a few megabytes.
 */
final class Initrd {
    private static final List<String> WANTED = List.of("virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay");
    private static final int PT_INTERP = 3;

    private Initrd() {}

    /** The initial file system for a kernel: built once, then found in the cache. */
    static Path of(KernelImage image) throws IOException, InterruptedException {
        Path busybox = HostProgram.require("busybox", "boot the guest", "busybox-static");
        byte[] program = Files.readAllBytes(busybox);
        if (!isStatic(program)) {
            throw new VmException(
                    Reason.HOST,
                    busybox + " is not statically linked; the guest boots with nothing else",
                    "apt-get install busybox-static");
        }
        byte[] init = resource("guest-init");
        byte[] main = resource("guest-main");
        Optional<Path> modules = image.modules();
        List<String> files = modules.isPresent() ? moduleFiles(image, modules.get()) : List.of();
        String hash = hash(program, init, main, String.join("\n", files).getBytes(StandardCharsets.UTF_8));
        Path cached = VmCache.directory("initrd").resolve(image.release() + "-" + hash + ".cpio");
        if (Files.exists(cached)) {
            return cached;
        }
        Cpio cpio = new Cpio();
        for (String directory : List.of("bin", "dev", "host", "memory", "modules", "proc", "root", "sys")) {
            cpio.directory(directory);
        }
        cpio.program("bin/busybox", program).program("init", init).file("guest-main", main);
        List<String> order = new ArrayList<>();
        for (String file : files) {
            String name = ModuleOrder.name(file) + ".ko";
            cpio.file(
                    "modules/" + name,
                    decompressed(busybox, modules.orElseThrow().resolve(file)));
            order.add(name);
        }
        cpio.file("modules/order", String.join("\n", order).getBytes(StandardCharsets.UTF_8));
        Path temporary = Files.createTempFile(cached.getParent(), ".new-", ".cpio");
        Files.write(temporary, cpio.finish());
        return Files.move(temporary, cached, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<String> moduleFiles(KernelImage image, Path modules) throws IOException {
        ModuleOrder order = new ModuleOrder(
                Files.readString(modules.resolve("modules.dep")), Files.readString(modules.resolve("modules.builtin")));
        List<String> missing = order.missing(WANTED);
        if (!missing.isEmpty()) {
            throw new VmException(
                    Reason.GUEST,
                    "boot " + image.release() + ": the kernel has neither as a module nor built in: "
                            + String.join(", ", missing),
                    "Debian's cloud kernels lack 9p: take the plain flavour");
        }
        return order.files(WANTED);
    }

    private static byte[] decompressed(Path busybox, Path file) throws IOException, InterruptedException {
        String name = file.getFileName().toString();
        HostProgram.Outcome outcome;
        if (name.endsWith(".xz")) {
            outcome = HostProgram.run(false, file.getParent(), busybox, List.of("unxz", "-c", file.toString()));
        } else if (name.endsWith(".zst")) {
            Path zstd = HostProgram.require("zstd", "decompress the kernel's modules", "zstd");
            outcome = HostProgram.run(false, file.getParent(), zstd, List.of("-dcq", file.toString()));
        } else {
            return Files.readAllBytes(file);
        }
        if (outcome.status() != 0) {
            throw new VmException(
                    Reason.KERNEL,
                    "decompress " + file + ": exit status " + outcome.status() + " of "
                            + String.join(" ", outcome.command()),
                    "delete the kernel's directory in " + KernelHeaders.cache() + " to fetch it again");
        }
        return outcome.output();
    }

    /** Whether an ELF file (64 bit, little endian) asks for no dynamic loader. */
    static boolean isStatic(byte[] program) {
        ByteBuffer elf = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        if (program.length < 64 || elf.getInt(0) != 0x464c457f) {
            return false;
        }
        int headers = (int) elf.getLong(32);
        int size = elf.getShort(54);
        int count = elf.getShort(56);
        for (int i = 0; i < count; i++) {
            if (elf.getInt(headers + i * size) == PT_INTERP) {
                return false;
            }
        }
        return true;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Initrd.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static String hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(ByteBuffer.allocate(4).putInt(0, part.length));
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

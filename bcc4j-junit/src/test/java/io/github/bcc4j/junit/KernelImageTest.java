package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.junit.VmException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelImageTest {
    @TempDir
    Path directory;

    private String cacheBefore;

    @BeforeEach
    void privateCache() {
        cacheBefore = System.getProperty("bcc4j.cache");
        System.setProperty("bcc4j.cache", directory.resolve("cache").toString());
    }

    @AfterEach
    void sharedCache() {
        if (cacheBefore == null) {
            System.clearProperty("bcc4j.cache");
        } else {
            System.setProperty("bcc4j.cache", cacheBefore);
        }
    }

    /** A file that names a release as a bzImage does, and boots nothing. */
    static KernelImage fake(Path file, String release) throws Exception {
        byte[] bytes = new byte[0x400];
        System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0x202, 4);
        bytes[0x20e] = 0x00;
        bytes[0x20f] = 0x01;
        byte[] text = (release + " (builder) #1").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, bytes, 0x300, text.length);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return KernelImage.ofFile(file);
    }

    @Test
    void aFileNamesItsRelease() throws Exception {
        Path file = directory.resolve("boot/my-kernel");
        fake(file, "6.7.8-mine");

        KernelImage image = KernelImage.fetch(file.toString());

        assertThat(image.release()).isEqualTo("6.7.8-mine");
        assertThat(image.bzImage()).isEqualTo(file);
        assertThat(image.modules()).isEmpty();
        assertThat(image.headers()).isEmpty();
    }

    @Test
    void whatIsInTheCacheNeedsNoNetwork() throws Exception {
        for (String release : new String[] {"6.1.0-9-amd64", "6.1.0-10-amd64"}) {
            fake(directory.resolve("cache/kernels/" + release + "/root/boot/vmlinuz-" + release), release);
        }
        fake(directory.resolve("cache/kernels/7.1.2+deb13-amd64/root/usr/lib/modules/7.1.2+deb13-amd64/vmlinuz"), "x");

        assertThat(KernelImage.fetch("6.1", directory).release()).isEqualTo("6.1.0-10-amd64");
        assertThat(KernelImage.fetch("7", directory).bzImage()).hasFileName("vmlinuz");
    }

    @Test
    void whatIsNoVersion() {
        assertThatThrownBy(() -> KernelImage.fetch("latest; rm -rf"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a kernel version: \"latest; rm -rf\""
                        + " (6.1, 6.12, 7, 6.1.0-56-amd64, or a path with a slash)");
    }

    @Test
    void whatIsNoKernel() throws Exception {
        Path file = Files.write(directory.resolve("text"), new byte[4096]);

        assertThatThrownBy(() -> KernelImage.fetch(file.toString()))
                .hasMessage("read kernel " + file + ": not a bzImage" + System.lineSeparator()
                        + "  hint: name the file vmlinuz-RELEASE");
        assertThatThrownBy(() -> KernelImage.fetch("/no/such/kernel"))
                .isInstanceOfSatisfying(
                        VmException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KERNEL))
                .hasMessageStartingWith("read kernel /no/such/kernel: java.io.FileNotFoundException: ");
    }

    @Test
    void noMirror() {
        assertThatThrownBy(() -> KernelImage.fetch("6.1", directory))
                .hasMessage("fetch a Debian kernel: no Debian mirror in " + directory + "/sources.list or " + directory
                        + "/sources.list.d" + System.lineSeparator()
                        + "  hint: add a Debian mirror to apt's sources, or name a bzImage file instead of a version");
    }

    @Test
    void noNetwork() throws Exception {
        Files.writeString(directory.resolve("sources.list"), "deb http://127.0.0.1:1/debian bookworm main\n");

        assertThatThrownBy(() -> KernelImage.fetch("6.1", directory))
                .isInstanceOfSatisfying(
                        VmException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KERNEL))
                .hasMessageStartingWith("fetch the list of Debian kernels: apt-get update left none")
                .hasMessageContaining("http://127.0.0.1:1/debian")
                .hasMessageEndingWith(
                        "hint: check the network and apt's proxy; kernels already fetched work without a network");
    }

    @Test
    void aKernelWithout9p() throws Exception {
        KernelImage image = fake(directory.resolve("boot/vmlinuz"), "6.1.0-1-cloud-amd64");
        Path modules = Files.createDirectories(directory.resolve("lib/modules/6.1.0-1-cloud-amd64"));
        Files.writeString(modules.resolve("modules.dep"), "kernel/fs/overlayfs/overlay.ko:\n");
        Files.writeString(
                modules.resolve("modules.builtin"),
                "kernel/drivers/virtio/virtio_pci.ko\nkernel/drivers/char/virtio_console.ko\n");

        assertThatThrownBy(() -> KernelVm.builder(image).build())
                .hasMessage(
                        "boot 6.1.0-1-cloud-amd64: the kernel has neither as a module nor built in: 9pnet_virtio, 9p"
                                + System.lineSeparator()
                                + "  hint: Debian's cloud kernels lack 9p: take the plain flavour");
    }

    @Test
    void aMissingProgram() {
        assertThatThrownBy(() -> HostProgram.require("qemu-of-tomorrow", "boot a kernel", "qemu-tomorrow"))
                .hasMessage("qemu-of-tomorrow was not found in PATH; it is needed to boot a kernel"
                        + System.lineSeparator() + "  hint: apt-get install qemu-tomorrow");
    }

    @Test
    void busyboxMustBeStatic() throws Exception {
        Path busybox = HostProgram.require("busybox", "boot the guest", "busybox-static");
        Path java = Path.of(System.getProperty("java.home"), "bin/java");

        assertThat(Initrd.isStatic(Files.readAllBytes(busybox))).isTrue();
        assertThat(Initrd.isStatic(Files.readAllBytes(java))).isFalse();
        assertThat(Initrd.isStatic("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
    }
}

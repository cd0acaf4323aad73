package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleOrderTest {
    private final ModuleOrder order = new ModuleOrder("""
            kernel/fs/9p/9p.ko.xz: kernel/net/9p/9pnet.ko.xz kernel/fs/netfs/netfs.ko.xz
            kernel/net/9p/9pnet.ko.xz: kernel/fs/netfs/netfs.ko.xz
            kernel/net/9p/9pnet_virtio.ko.xz: kernel/net/9p/9pnet.ko.xz kernel/fs/netfs/netfs.ko.xz
            kernel/fs/netfs/netfs.ko.xz:
            kernel/fs/overlayfs/over-lay.ko:
            """, "kernel/drivers/virtio/virtio_pci.ko\n");

    @Test
    void eachFileComesAfterWhatItNeedsAndOnce() {
        assertThat(order.files(List.of("9pnet_virtio", "virtio_pci", "9p", "over_lay")))
                .containsExactly(
                        "kernel/fs/netfs/netfs.ko.xz",
                        "kernel/net/9p/9pnet.ko.xz",
                        "kernel/net/9p/9pnet_virtio.ko.xz",
                        "kernel/fs/9p/9p.ko.xz",
                        "kernel/fs/overlayfs/over-lay.ko");
    }

    @Test
    void whatIsNeitherModuleNorBuiltInIsMissing() {
        assertThat(order.missing(List.of("9p", "virtio_pci", "zram", "over_lay")))
                .containsExactly("zram");
    }
}

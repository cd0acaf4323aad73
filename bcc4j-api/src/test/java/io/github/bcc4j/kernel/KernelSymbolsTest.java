package io.github.bcc4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BpfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSymbolsTest {
    @TempDir
    private Path folder;

    private KernelSymbols table(String text) throws IOException {
        return KernelSymbols.load(Files.writeString(folder.resolve("kallsyms"), text));
    }

    @Test
    void addressesAreResolvedToTheFunctionTheyLieIn() throws IOException {
        KernelSymbols symbols = table("""
                0000000000000000 A fixed_percpu_data
                0000000000000000 t hidden
                ffffffff81000200 T vfs_read
                ffffffff81000200 t vfs_alias
                ffffffff81000180 D some_data
                ffffffffc0000000 t ext_sync\t[extfs]
                ffffffff81000100 T first
                """);
        assertThat(symbols.size()).isEqualTo(5);
        assertThat(symbols.resolve(0xffffffff81000200L)).hasToString("Optional[vfs_read+0x0]");
        assertThat(symbols.resolve(0xffffffff8100021fL)).contains(new KernelSymbols.Symbol("vfs_read", 0x1f, ""));
        assertThat(symbols.resolve(0xffffffff810001ffL)).hasToString("Optional[first+0xff]");
        assertThat(symbols.resolve(0xffffffffc0000010L))
                .contains(new KernelSymbols.Symbol("ext_sync", 16, "extfs"))
                .hasToString("Optional[ext_sync+0x10 [extfs]]");
        assertThat(symbols.resolve(0x00007f0000000000L)).isEmpty();
        assertThat(symbols.resolve(0)).isEmpty();
        assertThat(symbols.address("vfs_alias")).hasValue(0xffffffff81000200L);
        assertThat(symbols.address("ext_sync")).hasValue(0xffffffffc0000000L);
        assertThat(symbols.address("vfs")).isEmpty();
        assertThat(symbols.address("some_data")).isEmpty();
    }

    @Test
    void hiddenAddressesAreAnErrorAndNotZeros() throws IOException {
        Path file = Files.writeString(folder.resolve("kallsyms"), "0000000000000000 T vfs_read\n");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> KernelSymbols.load(file))
                .withMessage(file + " hides the kernel's addresses from this process" + System.lineSeparator()
                        + "  hint: give it CAP_SYSLOG; with kernel.kptr_restrict = 2 nobody sees them");
    }

    @Test
    @Tag("native")
    void theRunningKernelsTableAgreesWithItself() {
        KernelSymbols symbols = KernelSymbols.load();
        long vfsRead = symbols.address("vfs_read").orElseThrow();
        assertThat(symbols.resolve(vfsRead + 1)).contains(new KernelSymbols.Symbol("vfs_read", 1, ""));
        assertThat(symbols.size()).isGreaterThan(10_000);
    }
}

package io.github.bcc4j.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BpfException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSymbolsTest {
    @TempDir
    private Path proc;

    private KernelSymbols table(String text) throws IOException {
        Files.writeString(proc.resolve("kallsyms"), text);
        return new KernelSymbols(proc);
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
                ffffffff81000300 W vfs_write
                ffffffff81000400 T _einittext
                ffffffffc0000000 t bpf_prog_59f4a931744dcdc6_count\t[bpf]
                ffffffffc0001000 t vfs_read\t[extfs]
                """);
        assertThat(symbols.size()).isEqualTo(9);
        assertThat(symbols.resolve(0xffffffff81000200L)).hasToString("Optional[vfs_read+0x0]");
        assertThat(symbols.resolve(0xffffffff8100021fL)).contains(new Symbol("vfs_read", 0x1f, ""));
        assertThat(symbols.resolve(0xffffffff810001ffL)).hasToString("Optional[first+0xff]");
        assertThat(symbols.resolve(0xffffffffc0000010L))
                .contains(new Symbol("ext_sync", 16, "extfs"))
                .hasToString("Optional[ext_sync+0x10 [extfs]]");
        assertThat(symbols.resolve(0x00007f0000000000L)).isEmpty();
        assertThat(symbols.resolve(0)).isEmpty();
        assertThat(symbols.resolve(0xffffffff81000400L)).hasToString("Optional[_einittext+0x0]");
        assertThat(symbols.resolve(0xffffffff81000401L))
                .as("behind the kernel's end")
                .isEmpty();
        assertThat(symbols.address("vfs_alias")).hasValue(0xffffffff81000200L);
        assertThat(symbols.address("vfs_read")).as("the lowest").hasValue(0xffffffff81000200L);
        assertThat(symbols.address("ext_sync")).hasValue(0xffffffffc0000000L);
        assertThat(symbols.address("vfs")).isEmpty();
        assertThat(symbols.address("")).isEmpty();
        assertThat(symbols.address("some_data")).isEmpty();
        assertThat(symbols.modules()).containsExactly("bpf", "extfs");
    }

    @Test
    void aModuleThatIsLoadedLaterShowsAfterARefresh() throws IOException {
        KernelSymbols symbols = table("ffffffff81000100 T first\nffffffff81000200 T _einittext\n");
        assertThat(symbols.resolve(0xffffffffc0000010L)).isEmpty();
        table("ffffffff81000100 T first\nffffffff81000200 T _einittext\nffffffffc0000000 t ext_sync\t[extfs]\n");
        assertThat(symbols.address("ext_sync")).as("still the old table").isEmpty();
        symbols.refresh();
        assertThat(symbols.resolve(0xffffffffc0000010L)).contains(new Symbol("ext_sync", 16, "extfs"));
    }

    @Test
    void hiddenAddressesAreAnErrorAndNotZeros() throws IOException {
        KernelSymbols symbols = table("0000000000000000 T vfs_read\n0000000000000000 t ext_sync\t[extfs]\n");
        Files.createDirectories(proc.resolve("sys/kernel"));
        Files.writeString(proc.resolve("sys/kernel/kptr_restrict"), "1\n");
        String hides = proc.resolve("kallsyms") + " hides the kernel's addresses from this process";
        assertThatExceptionOfType(HiddenSymbolsException.class)
                .isThrownBy(symbols::size)
                .withMessage(hides + " (kernel.kptr_restrict = 1)" + System.lineSeparator()
                        + "  hint: give it CAP_SYSLOG, or sysctl kernel.kptr_restrict=0 kernel.perf_event_paranoid=1");
        Files.writeString(proc.resolve("sys/kernel/kptr_restrict"), "2\n");
        assertThatExceptionOfType(HiddenSymbolsException.class)
                .isThrownBy(() -> symbols.resolve(1))
                .withMessage(hides + " (kernel.kptr_restrict = 2)" + System.lineSeparator()
                        + "  hint: nobody sees them before sysctl kernel.kptr_restrict=1");
    }

    @Test
    void aMissingProcIsExplained() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(new KernelSymbols(proc.resolve("none"))::size)
                .withMessage("can't read " + proc.resolve("none/kallsyms") + System.lineSeparator()
                        + "  hint: mount -t proc proc /proc");
    }

    @Test
    @Tag("native")
    void everyFunctionOfTheRunningKernelIsFound() throws IOException {
        KernelSymbols symbols = KernelSymbols.current();
        symbols.refresh();
        Map<Long, String> firstName = new HashMap<>();
        Map<String, Long> lowest = new HashMap<>();
        int count = 0;
        for (String line : Files.readAllLines(Path.of("/proc/kallsyms"), StandardCharsets.ISO_8859_1)) {
            String[] parts = line.split("[ \t]");
            if ("tTwW".contains(parts[1]) && parts.length == 3) {
                long address = Long.parseUnsignedLong(parts[0], 16);
                firstName.putIfAbsent(address, parts[2]);
                lowest.merge(parts[2], address, (a, b) -> Long.compareUnsigned(a, b) <= 0 ? a : b);
                count++;
            }
        }
        assertThat(symbols.size()).isGreaterThanOrEqualTo(count);
        firstName.forEach((address, name) -> {
            if (symbols.resolve(address)
                    .filter(s -> s.equals(new Symbol(name, 0, "")))
                    .isEmpty()) {
                throw new AssertionError(name + " is " + symbols.resolve(address));
            }
        });
        lowest.forEach((name, address) -> {
            if (symbols.address(name).orElse(0) != address) {
                throw new AssertionError(name + " is at " + symbols.address(name));
            }
        });
        assertThat(count).isGreaterThan(10_000);
    }
}

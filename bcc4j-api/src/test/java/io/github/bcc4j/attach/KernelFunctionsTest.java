package io.github.bcc4j.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BpfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small kernel of our own: its symbol table, its tracer's list, its blacklist. */
class KernelFunctionsTest {
    private static final String SYMBOLS = """
            0000000000000000 A fixed_percpu_data
            ffffffff81000000 T _text
            ffffffff81000100 T __irqentry_text_end
            ffffffff81000100 T __irqentry_text_start
            ffffffff81000200 T vfs_read
            ffffffff81000300 T vfs_write
            ffffffff81000400 t vfs_dup
            ffffffff81000500 t vfs_dup
            ffffffff81000600 W vfs_weak
            ffffffff81000700 t vfs_inner.isra.0
            ffffffff81000710 t vfs_inner.part.0
            ffffffff81000720 t vfs_read.cold
            ffffffff81000730 t perf_trace_buf
            ffffffff81000740 t vfs_hidden
            ffffffff81000750 t vfs_black
            ffffffff81000760 T __x64_sys_bpf
            ffffffff81000770 T __ia32_compat_sys_bpf
            ffffffff81000800 T __noinstr_text_start
            ffffffff81000810 t vfs_noinstr
            ffffffff81000820 T __noinstr_text_end
            ffffffff81000900 D vfs_data
            ffffffff81000a00 T __init_begin
            ffffffff81000a10 t vfs_init
            ffffffff81000b00 T __init_end
            ffffffffc0000000 t vfs_module\t[extfs]
            """;

    @TempDir
    private Path machine;

    private KernelFunctions functions;

    @BeforeEach
    void symbols() throws IOException {
        write("proc/kallsyms", SYMBOLS);
        functions = new KernelFunctions(machine);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(machine.resolve(file).getParent());
        Files.writeString(machine.resolve(file), text);
    }

    private void tracer() throws IOException {
        Files.createDirectories(machine.resolve("sys/kernel/tracing/events"));
        write(
                "sys/kernel/tracing/available_filter_functions",
                "__ftrace_invalid_address___512\nvfs_read\nvfs_write\nvfs_dup\nvfs_dup\nvfs_weak\nvfs_black\n"
                        + "perf_trace_buf\nvfs_module [extfs]\n");
    }

    private void blacklist() throws IOException {
        write(
                "sys/kernel/debug/kprobes/blacklist",
                "0xffffffff81000750-0xffffffff81000760\tvfs_black\n0x1-0x2\tother [extfs]\n");
    }

    private static java.util.function.Predicate<String> all(String regex) {
        return Pattern.compile(regex).asMatchPredicate();
    }

    @Test
    void withoutATracerTheSymbolTableHasToDo() throws IOException {
        blacklist();
        assertThat(functions.matching(all("vfs_.*")))
                .containsExactly(
                        "vfs_read",
                        "vfs_write",
                        "vfs_weak",
                        "vfs_inner.isra.0",
                        "vfs_inner.part.0",
                        "vfs_hidden",
                        "vfs_module");
        assertThat(functions.matching(all("perf_.*"))).isEmpty();
    }

    @Test
    void theTracersListGoesFirst() throws IOException {
        tracer();
        blacklist();
        assertThat(functions.matching(all(".*"))).containsExactly("vfs_read", "vfs_write", "vfs_weak", "vfs_module");
        assertThat(functions.matching(all("vfs_r"))).isEmpty();
    }

    @Test
    void whatSpeaksAgainstAProbeIsSaid() throws IOException {
        tracer();
        blacklist();
        assertThat(functions.obstacle("vfs_read")).isEmpty();
        assertThat(functions.obstacle("vfs_module")).isEmpty();
        assertThat(functions.obstacle("vfs_black"))
                .contains(
                        "vfs_black is on the kernel's kprobe blacklist: probing it could recurse into the probe itself");
        assertThat(functions.obstacle("vfs_hidden"))
                .contains("vfs_hidden exists but is not traceable (it is marked notrace, or is written in assembly)");
        assertThat(functions.obstacle("vfs_inner"))
                .contains("vfs_inner has been split up by the compiler; there is vfs_inner.isra.0, vfs_inner.part.0");
        assertThat(functions.obstacle("vfs_dup"))
                .contains("vfs_dup is the name of 2 functions of this kernel, and a probe's name must be that of one");
        assertThat(functions.obstacle("vfs_noinstr"))
                .contains(
                        "vfs_noinstr is in a part of the kernel where no probe may be (entry, noinstr, or boot code)");
        assertThat(functions.obstacle("vfs_init")).isPresent();
        assertThat(functions.obstacle("vfs_rite"))
                .contains("this kernel has no function vfs_rite (it may be inlined, or named otherwise); there is"
                        + " vfs_write");
        assertThat(functions.obstacle("vfs_data"))
                .hasValueSatisfying(w -> assertThat(w).startsWith("this kernel has no function vfs_data "));
    }

    @Test
    void theNativeSystemCallGoesBeforeTheCompatibleOne() throws IOException {
        assertThat(Probes.syscallPrefix(functions, "amd64")).isEqualTo("__x64_sys_");
        write("proc/kallsyms", "0 T sys_bpf\n");
        assertThat(Probes.syscallPrefix(functions, "amd64")).isEqualTo("sys_");
        write("proc/kallsyms", "");
        assertThat(Probes.syscallPrefix(functions, "amd64")).isEqualTo("__x64_sys_");
        assertThat(Probes.syscallPrefix(functions, "aarch64")).isEqualTo("__arm64_sys_");
        Files.delete(machine.resolve("proc/kallsyms"));
        assertThat(Probes.syscallPrefix(functions, "aarch64")).isEqualTo("__arm64_sys_");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> functions.matching(all(".*")))
                .withMessage("can't read the kernel's symbols" + System.lineSeparator()
                        + "  hint: mount -t proc proc /proc");
    }

    @Test
    void aTracingFileSystemThatIsNotMountedIsNamedWithItsCommand() throws IOException {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Tracefs.root(machine))
                .withMessage("the tracing file system is not mounted, or this user can't see it: neither "
                        + machine.resolve("sys/kernel/tracing") + " nor "
                        + machine.resolve("sys/kernel/debug/tracing") + " has events" + System.lineSeparator()
                        + "  hint: as root: mount -t tracefs nodev /sys/kernel/tracing, and for others to see it: mount -o"
                        + " remount,gid=GROUP,mode=750 /sys/kernel/tracing");
        Files.createDirectories(machine.resolve("sys/kernel/debug/tracing/events"));
        assertThat(Tracefs.root(machine)).isEqualTo(machine.resolve("sys/kernel/debug/tracing"));
        Files.createDirectories(machine.resolve("sys/kernel/tracing/events"));
        assertThat(Tracefs.root(machine)).isEqualTo(machine.resolve("sys/kernel/tracing"));
    }
}

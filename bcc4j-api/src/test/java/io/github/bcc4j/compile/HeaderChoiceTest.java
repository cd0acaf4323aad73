package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.compile.Diagnostic.Stage;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernel headers a text is compiled with. Needs libbcc and headers of Debian 6.1. */
@Tag("native")
class HeaderChoiceTest {
    @Test
    void missingHeadersAreListedWithTheInstallCommand() {
        assertThatExceptionOfType(MissingKernelHeadersException.class)
                .isThrownBy(() -> Compiler.compile(
                        "#include <linux/sched.h>\nint f(void *ctx) { return 0; }",
                        CompilerOptions.DEFAULT.withKernelRelease("5.99.0-1-nosuch")))
                .withMessageContaining("the headers of kernel 5.99.0-1-nosuch were not found. Tried:")
                .withMessageContaining("/lib/modules/5.99.0-1-nosuch/build: not there")
                .withMessageContaining("/usr/src/linux-headers-5.99.0-1-nosuch: not there")
                .withMessageContaining("it would compile and read wrong offsets")
                .withMessageContaining("apt-get install linux-headers-5.99.0-1-nosuch")
                .satisfies(e -> assertThat(e.diagnostics().getFirst().stage()).isEqualTo(Stage.SETUP));
    }

    @Test
    void aHeadersFolderWithoutHeadersIsRefused(@TempDir Path empty) {
        assertThatExceptionOfType(MissingKernelHeadersException.class)
                .isThrownBy(() -> Compiler.compile("", CompilerOptions.DEFAULT.withKernelHeaders(empty)))
                .withMessageContaining(empty + ": no include/linux/kconfig.h in it");
    }

    @Test
    void stableProgramsCompileWithAnyHeadersAndSaySo() {
        CompiledModule module = Compiler.compile(
                "#include <uapi/linux/ptrace.h>\nint f(struct pt_regs *ctx) { return PT_REGS_RC(ctx); }",
                CompilerOptions.DEFAULT.withKernelRelease("5.99.0-1-nosuch"));
        assertThat(module.warnings())
                .anySatisfy(w -> assertThat(w.message())
                        .startsWith("compiled with the headers of kernel ")
                        .contains("those of 5.99.0-1-nosuch are not here"));
    }

    @Test
    void structsThatChangeAreNotReadThroughAnotherKernelsHeaders() {
        assertThatExceptionOfType(MissingKernelHeadersException.class)
                .isThrownBy(() -> Compiler.compile("""
                        #include <linux/ptrace.h>
                        int f(struct pt_regs *ctx) {
                            struct task_struct *task = (struct task_struct *)bpf_get_current_task();
                            return task->tgid;
                        }
                        """, CompilerOptions.DEFAULT.withKernelRelease("5.99.0-1-nosuch")))
                .withMessageContaining("this program uses headers or structs that change from kernel to kernel:"
                        + " it would compile and read wrong offsets.");
    }

    @Test
    void protocolHeadersAreTheSameEverywhere() {
        CompiledModule module = Compiler.compile("""
                #include <linux/if_ether.h>
                #include <linux/ip.h>
                int f(struct xdp_md *ctx) { return sizeof(struct ethhdr) + sizeof(struct iphdr); }
                """, CompilerOptions.DEFAULT.withKernelRelease("5.99.0-1-nosuch"));
        assertThat(module.warnings())
                .singleElement()
                .satisfies(w -> assertThat(w.message()).endsWith("this program needs nothing that differs"));
    }
}

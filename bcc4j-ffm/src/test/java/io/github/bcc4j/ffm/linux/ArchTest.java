package io.github.bcc4j.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArchTest {
    @Test
    void namesOfTheJvmAndOfTheKernel() {
        assertThat(Arch.of("amd64")).isEqualTo(Arch.X86_64).isEqualTo(Arch.of("x86_64"));
        assertThat(Arch.of("aarch64")).isEqualTo(Arch.AARCH64).isEqualTo(Arch.of("arm64"));
        assertThat(Arch.X86_64.kernelName()).isEqualTo("x86");
        assertThat(Arch.AARCH64.kernelName()).isEqualTo("arm64");
    }

    @Test
    void another() {
        assertThatThrownBy(() -> Arch.of("riscv64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("bcc4j knows the system calls of x86-64 and aarch64 Linux, not of Linux on riscv64");
    }
}

package io.github.bcc4j.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.UnsupportedByKernelException;
import io.github.bcc4j.kernel.KernelTarget;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KernelStructsTest {
    @Test
    @Tag("native")
    void fieldsOfTheRunningKernelAreFound() {
        KernelStructs kernel = KernelStructs.running();
        assertThat(kernel.hasStruct("task_struct")).isTrue();
        assertThat(kernel.hasStruct("nosuch")).isFalse();
        assertThat(kernel.hasField("task_struct", "pid")).isTrue();
        assertThat(kernel.hasField("task_struct", "nosuch")).isFalse();
        assertThat(kernel.hasField("nosuch", "pid")).isFalse();
        assertThat(kernel.hasField("task_struct", "")).isFalse();
        assertThat(kernel.hasField("task_struct", "thread_info.flags")).isTrue();
        assertThat(kernel.hasField("task_struct", "pid.flags")).as("no struct").isFalse();
        assertThat(kernel.hasField("task_struct", "mm.pgd")).as("a pointer").isFalse();
        assertThat(kernel.hasField("sk_buff", "dev")).as("in a nameless union").isTrue();
        assertThat(kernel.offset("list_head", "prev")).hasValue(64);
        assertThat(kernel.constant("BPF_MAP_TYPE_ARRAY")).hasValue(2);
        assertThat(kernel.constant("NO_SUCH_CONSTANT")).isEmpty();
        assertThat(kernel.hasConstant("bpf_map_type", "BPF_MAP_TYPE_HASH")).isTrue();
        assertThat(kernel.hasConstant("bpf_map_type", "BPF_PROG_TYPE_KPROBE")).isFalse();
        assertThat(kernel.hasConstant("nosuch", "BPF_MAP_TYPE_HASH")).isFalse();
        assertThat(kernel.hasFunction("vfs_read")).isTrue();
        assertThat(kernel.hasFunction("nosuch")).isFalse();
    }

    @Test
    void aKernelWithoutTypesSaysSo() {
        assertThatExceptionOfType(UnsupportedByKernelException.class)
                .isThrownBy(() -> KernelStructs.of(KernelTarget.ofRelease("4.9.0-1-amd64")))
                .withMessage("kernel types is not supported by this kernel: the types of kernel 4.9.0-1-amd64 are not"
                        + " known: it has no BTF here (in Linux since 4.18)");
    }
}

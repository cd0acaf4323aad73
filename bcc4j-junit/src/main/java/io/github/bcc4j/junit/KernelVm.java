package io.github.bcc4j.junit;

/** A Debian kernel under QEMU. */
public final class KernelVm {
    private KernelVm() {}
}

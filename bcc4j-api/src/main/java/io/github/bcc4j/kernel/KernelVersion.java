package io.github.bcc4j.kernel;

/** To come. */
public final class KernelVersion {
    private KernelVersion() {}
}

package io.github.bcc4j;

/** To come. */
public final class BPF {
    private BPF() {}
}

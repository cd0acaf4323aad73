package io.github.bcc4j.type;

/** To come. */
public final class Btf {
    private Btf() {}
}

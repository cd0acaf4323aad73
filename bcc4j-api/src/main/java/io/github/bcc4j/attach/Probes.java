package io.github.bcc4j.attach;

/** To come. */
public final class Probes {
    private Probes() {}
}

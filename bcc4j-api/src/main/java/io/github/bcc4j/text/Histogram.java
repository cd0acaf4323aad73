package io.github.bcc4j.text;

/** To come. */
public final class Histogram {
    private Histogram() {}
}

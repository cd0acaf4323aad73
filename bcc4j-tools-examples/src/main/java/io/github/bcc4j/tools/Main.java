package io.github.bcc4j.tools;

/** The launcher. */
public final class Main {
    private Main() {}
}

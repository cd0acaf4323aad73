package io.github.bcc4j.diagnostic;

/** To come. */
public final class VerifierLog {
    private VerifierLog() {}
}

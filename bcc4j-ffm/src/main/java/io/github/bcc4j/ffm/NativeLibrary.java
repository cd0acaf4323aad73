package io.github.bcc4j.ffm;

/** Finds native libraries. */
public final class NativeLibrary {
    private NativeLibrary() {}
}

package io.github.bcc4j.compile;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which kernels a module fits: the one it was compiled for, and all others where the structs that its text names are laid out the same.
 *
 * @param release the kernel it was compiled for, as {@code uname -r} tells it; empty if it fits all
 * @param layouts a fingerprint of each kernel struct that the text names; empty if it names none or they are not known
 * @param exact whether the layouts tell all: if not (types were taken from header files), no other kernel is known to fit
 */
public record KernelFit(String release, Map<String, Long> layouts, boolean exact) {
    /** Fits every kernel. */
    public static final KernelFit ANY = new KernelFit("", Map.of(), true);

    /** Copies the map. */
    public KernelFit {
        Objects.requireNonNull(release, "release");
        layouts = Collections.unmodifiableMap(new TreeMap<>(layouts));
    }
}

package io.github.bcc4j.attach;

import java.util.Objects;
import java.util.Optional;

/**
 * Things of the kernel that a program is run for one by one, writing text about each, whenever somebody reads. Kernel floor: 5.8; it
 * depends on the target.
 *
 * @param target what: {@code task}, {@code task_file}, {@code bpf_map}, {@code tcp}, {@code bpf_map_elem}, ...
 * @param map for {@code bpf_map_elem}, the map of the same C text whose elements they are; else empty
 */
public record IteratorSpec(String target, Optional<String> map) implements AttachSpec {
    /** Checks the parts. */
    public IteratorSpec {
        Objects.requireNonNull(map, "map");
        if (!target.matches("\\w+")) {
            throw new IllegalArgumentException("not the target of an iterator: \"" + target + '"');
        }
    }

    /**
     * Things that need no map.
     *
     * @param target what
     * @return the place
     */
    public static IteratorSpec of(String target) {
        return new IteratorSpec(target, Optional.empty());
    }

    /**
     * The elements of a map.
     *
     * @param map its name in the C text
     * @return the place
     */
    public static IteratorSpec ofMap(String map) {
        return new IteratorSpec("bpf_map_elem", Optional.of(map));
    }

    @Override
    public ProgramType programType() {
        return ProgramType.ITERATOR;
    }

    @Override
    public String toString() {
        return "iter:" + target + map.map(m -> " of " + m).orElse("");
    }
}

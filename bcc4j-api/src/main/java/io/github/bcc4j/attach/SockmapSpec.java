package io.github.bcc4j.attach;

import java.util.Objects;
import java.util.Set;

/**
 * The data of the sockets that are in a {@code BPF_SOCKMAP} or {@code BPF_SOCKHASH} of the same C text. Kernel floor: 4.14; {@link
 * ProgramType#SK_MSG} 4.17, {@link ProgramType#SK_SKB_VERDICT} 5.13.
 *
 * @param map the map's name in the C text
 * @param programType {@link ProgramType#SK_SKB_STREAM_PARSER}, {@link ProgramType#SK_SKB_STREAM_VERDICT}, {@link
 *     ProgramType#SK_SKB_VERDICT} or {@link ProgramType#SK_MSG}
 */
public record SockmapSpec(String map, ProgramType programType) implements AttachSpec {
    private static final Set<ProgramType> TYPES = Set.of(
            ProgramType.SK_SKB_STREAM_PARSER,
            ProgramType.SK_SKB_STREAM_VERDICT,
            ProgramType.SK_SKB_VERDICT,
            ProgramType.SK_MSG);

    /** Checks the parts. */
    public SockmapSpec {
        Objects.requireNonNull(map, "map");
        if (!TYPES.contains(programType)) {
            throw new IllegalArgumentException("a program of type " + programType
                    + " is not attached to a map of sockets; the types are SK_SKB_... and SK_MSG");
        }
    }

    @Override
    public String toString() {
        return programType + ":" + map;
    }
}

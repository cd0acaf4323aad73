package io.github.bcc4j.attach;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A network namespace: how it takes packets apart ({@link ProgramType#FLOW_DISSECTOR}, one program a namespace, Linux 5.8), or which
 * socket a new connection goes to ({@link ProgramType#SK_LOOKUP}, Linux 5.9).
 *
 * @param namespace its file: {@code /proc/self/ns/net}, or {@code /run/netns/NAME} of ip-netns(8)
 * @param programType one of the two
 */
public record NamespaceSpec(Path namespace, ProgramType programType) implements AttachSpec {
    /** Checks the parts. */
    public NamespaceSpec {
        Objects.requireNonNull(namespace, "namespace");
        if (programType != ProgramType.FLOW_DISSECTOR && programType != ProgramType.SK_LOOKUP) {
            throw new IllegalArgumentException("a program of type " + programType
                    + " is not attached to a network namespace; the types are FLOW_DISSECTOR and SK_LOOKUP");
        }
    }

    @Override
    public String toString() {
        return programType + ":" + namespace;
    }
}

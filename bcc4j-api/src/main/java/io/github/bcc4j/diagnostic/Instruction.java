package io.github.bcc4j.diagnostic;

import java.util.Objects;
import java.util.Optional;

/**
 * A BPF instruction.
 *
 * @param index its number, from 0; one that loads 64 bits takes two numbers
 * @param text in the notation of LLVM and of the verifier's log: {@code r1 = *(u64 *)(r6 + 8)}
 * @param source the line it was made from; empty if it is not known
 */
public record Instruction(int index, String text, Optional<SourceLine> source) {
    /** Checks the parts. */
    public Instruction {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(source, "source");
    }
}

package io.github.bcc4j.compile;

import java.util.Arrays;
import java.util.Objects;

/**
 * A function of a compiled program, before it exists in a kernel.
 *
 * <p>Arrays are taken and given as they are, for speed: do not write to them. Equality is by content.
 *
 * @param name the function's name in the C text
 * @param instructions the bytecode, 8 bytes an instruction; where an instruction loads a map ({@code ld_imm64} with source
 *     register 1) its immediate is the map's index in {@link CompiledModule#maps()}
 * @param functionInfoSize bytes of one function record
 * @param functionInfo BTF function records
 * @param lineInfoSize bytes of one line record
 * @param lineInfo BTF line records
 */
public record ProgramSpec(
        String name,
        byte[] instructions,
        int functionInfoSize,
        byte[] functionInfo,
        int lineInfoSize,
        byte[] lineInfo) {

    /** Checks the parts. */
    public ProgramSpec {
        Objects.requireNonNull(name, "name");
        if (instructions.length % 8 != 0) {
            throw new IllegalArgumentException("bytecode of " + name + " is not a whole number of instructions");
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ProgramSpec p
                && name.equals(p.name)
                && Arrays.equals(instructions, p.instructions)
                && functionInfoSize == p.functionInfoSize
                && Arrays.equals(functionInfo, p.functionInfo)
                && lineInfoSize == p.lineInfoSize
                && Arrays.equals(lineInfo, p.lineInfo);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(instructions);
    }

    @Override
    public String toString() {
        return "ProgramSpec[" + name + ", " + instructions.length / 8 + " instructions]";
    }
}

package io.github.bcc4j.diagnostic;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.compile.ProgramSpec;
import io.github.bcc4j.type.Btf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The instructions of a program, readable, with the C lines they were made from. Immutable.
 *
 * @param program the function's name
 * @param instructions in their order
 */
public record Disassembly(String program, List<Instruction> instructions) {
    /** Copies the list. */
    public Disassembly {
        instructions = List.copyOf(instructions);
    }

    /**
     * A function as it was compiled, before any kernel has seen it.
     *
     * @param module the module
     * @param function its name in the C text
     * @return its instructions; calls show the number of the helper function, maps their name
     * @throws IllegalArgumentException if the module has no such function
     */
    public static Disassembly of(CompiledModule module, String function) {
        ProgramSpec program = module.programs().stream()
                .filter(p -> p.name().equals(function))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("the module has no function \"" + function + "\"; it has "
                                + String.join(
                                        ", ",
                                        module.programs().stream()
                                                .map(ProgramSpec::name)
                                                .toList())));
        List<MapSpec> maps = module.maps();
        return of(
                function,
                program.instructions(),
                index -> index >= 0 && index < maps.size() ? maps.get(index).name() : "#" + index,
                Integer::toString,
                SourceLine.of(program.lineInfo(), program.lineInfoSize(), Btf.parse(module.btf())));
    }

    /**
     * Any bytecode.
     *
     * @param program the function's name
     * @param bytecode 8 bytes an instruction, little-endian
     * @param maps the name of the map that a number in the bytecode stands for
     * @param calls the name of the helper function that a number in the bytecode stands for
     * @param lines the line that begins at an instruction, by the instruction's index
     * @return its instructions
     * @throws IllegalArgumentException if it is no whole number of instructions
     */
    public static Disassembly of(
            String program,
            byte[] bytecode,
            IntFunction<String> maps,
            IntFunction<String> calls,
            NavigableMap<Integer, SourceLine> lines) {
        if (bytecode.length % 8 != 0) {
            throw new IllegalArgumentException(bytecode.length + " bytes are not a whole number of instructions");
        }
        ByteBuffer code = ByteBuffer.wrap(bytecode).order(ByteOrder.LITTLE_ENDIAN);
        InstructionText text = new InstructionText(maps, calls);
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < bytecode.length / 8; i++) {
            Optional<SourceLine> line = Optional.ofNullable(lines.floorEntry(i)).map(Map.Entry::getValue);
            boolean wide = InstructionText.isWide(code.get(i * 8)) && i + 1 < bytecode.length / 8;
            long first = code.getLong(i * 8);
            instructions.add(new Instruction(i, text.of(first, wide ? code.getInt(i * 8 + 12) : 0), line));
            i += wide ? 1 : 0;
        }
        return new Disassembly(program, instructions);
    }

    /** Returns a listing: the name, then the instructions by number, each line of C before the first that was made from it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(program).append(":\n");
        SourceLine shown = null;
        for (Instruction i : instructions) {
            SourceLine line = i.source().orElse(null);
            if (line != null
                    && (shown == null
                            || line.line() != shown.line()
                            || !line.file().equals(shown.file()))) {
                text.append("; ")
                        .append(line.file())
                        .append(':')
                        .append(line.line())
                        .append(": ");
                text.append(line.text()).append('\n');
                shown = line;
            }
            text.append(String.format("%6d: %s\n", i.index(), i.text()));
        }
        return text.toString();
    }
}

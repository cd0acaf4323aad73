package io.github.bcc4j.attach;

/**
 * An argument of a static probe, at one of its locations: what it is and where it lies when the probe is reached.
 *
 * @param size bytes: 1, 2, 4 or 8
 * @param signed whether it is a signed integer
 * @param operand where it lies
 * @param text the operand as the binary describes it, in the assembler's language: {@code -4@%eax}, {@code 8@152(%rdi)}
 */
public record UsdtArgument(int size, boolean signed, Operand operand, String text) {
    /** Where an argument lies. */
    public sealed interface Operand permits Constant, Register, Memory, Unreadable {}

    /**
     * It is always the same.
     *
     * @param value the value; an address in the file if {@code symbol} is not empty, to which this is added
     * @param symbol the symbol whose address it is, else empty
     */
    public record Constant(long value, String symbol) implements Operand {}

    /**
     * It is in a register, or a part of one.
     *
     * @param field the member of the kernel's {@code struct pt_regs} that holds the register
     * @param bits how many of its bits
     * @param shift the first of them, counted from the lowest
     */
    public record Register(String field, int bits, int shift) implements Operand {}

    /**
     * It is in memory.
     *
     * @param displacement added to the address
     * @param symbol a symbol whose address is added, else empty
     * @param relative whether that address is relative to where the file was placed
     * @param base the register that is added, else null
     * @param index the register that is added after having been multiplied, else null
     * @param indexSigned whether the index is signed
     * @param scale what the index is multiplied by
     */
    public record Memory(
            long displacement,
            String symbol,
            boolean relative,
            Register base,
            Register index,
            boolean indexSigned,
            int scale)
            implements Operand {}

    /**
     * A BPF program can't get at it.
     *
     * @param why the reason
     */
    public record Unreadable(String why) implements Operand {}

    /**
     * The type it is read as.
     *
     * @return {@code s32}, {@code u64}, ...
     */
    public String cType() {
        return (signed ? "s" : "u") + size * 8;
    }

    @Override
    public String toString() {
        return text;
    }
}

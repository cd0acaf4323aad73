package io.github.bcc4j.attach;

import io.github.bcc4j.attach.UsdtArgument.Constant;
import io.github.bcc4j.attach.UsdtArgument.Memory;
import io.github.bcc4j.attach.UsdtArgument.Operand;
import io.github.bcc4j.attach.UsdtArgument.Register;
import io.github.bcc4j.attach.UsdtArgument.Unreadable;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfSymbol;
import io.github.bcc4j.elf.ElfSymbols;
import io.github.bcc4j.ffm.linux.Arch;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Writes the C statements that read the operands of one binary's static probes into {@code value}. */
final class UsdtReader {
    static final String INSTRUCTION_POINTER = Arch.current() == Arch.X86_64 ? "ip" : "pc";

    /** Keeps the compiler from merging reads of the context of several cases into one at an address that varies, which the verifier refuses. */
    private static final String KEEP = " asm volatile(\"\" : \"+r\"(value) : : \"memory\");";

    private final Path binary;
    private final OptionalInt pid;
    private List<ElfSymbol> symbols;
    private boolean fixed;

    UsdtReader(Path binary, OptionalInt pid) {
        this.binary = binary;
        this.pid = pid;
    }

    /** The operand, if its symbols are known. */
    Operand operand(UsdtArgument argument) {
        String symbol = switch (argument.operand()) {
            case Constant c -> c.symbol();
            case Memory m -> m.symbol();
            default -> "";
        };
        if (symbol.isEmpty()) {
            return argument.operand();
        }
        long addresses = addresses(symbol).size();
        boolean relative = argument.operand() instanceof Memory m && m.relative();
        if (addresses != 1) {
            return new Unreadable((addresses == 0
                            ? "no symbol of the binary is called "
                            : "several symbols of the binary are called ")
                    + symbol);
        }
        return relative || fixed ? argument.operand() : new Unreadable("the address of " + symbol + " is not fixed");
    }

    private List<Long> addresses(String symbol) {
        if (symbols == null) {
            try (ElfFile elf = ElfFile.open(binary)) {
                symbols = ElfSymbols.of(elf, Binaries.root(pid));
                fixed = elf.type() == ElfFile.TYPE_EXECUTABLE;
            }
        }
        return symbols.stream()
                .filter(s -> s.name().equals(symbol))
                .map(ElfSymbol::address)
                .distinct()
                .toList();
    }

    /** The statements for an argument at a location; empty for one that can't be read. */
    String code(UsdtArgument argument, long location) {
        String type = argument.cType();
        return switch (operand(argument)) {
            case Constant c -> "value = (" + type + ")" + constant(c.value() + addressOf(c.symbol())) + ";" + KEEP;
            case Register r -> "value = (" + type + ")" + register(r) + ";" + KEEP;
            case Memory m ->
                "{ u64 at = " + address(m, location) + "; " + type
                        + " read = 0; asm volatile(\"\" : \"+r\"(at) : : \"memory\");"
                        + " result = bpf_probe_read_user(&read, sizeof(read), (void *)at); value = read; }";
            case Unreadable u -> "";
        };
    }

    private static String constant(long value) {
        return "0x" + Long.toHexString(value) + "ull";
    }

    private static String register(Register r) {
        String whole = "ctx->" + r.field();
        String part = r.shift() == 0 ? whole : "(" + whole + " >> " + r.shift() + ")";
        return r.bits() == 64 ? part : "(u" + r.bits() + ")" + part;
    }

    private long addressOf(String symbol) {
        return symbol.isEmpty() ? 0 : addresses(symbol).getFirst();
    }

    private String address(Memory m, long location) {
        long fixedPart = m.displacement() + addressOf(m.symbol());
        StringBuilder sum = new StringBuilder(
                m.relative()
                        ? "ctx->" + INSTRUCTION_POINTER + " + " + constant(fixedPart - location)
                        : constant(fixedPart));
        if (m.base() != null) {
            sum.append(" + ").append(register(m.base()));
        }
        if (m.index() != null) {
            String index = register(m.index());
            sum.append(" + ")
                    .append(m.indexSigned() ? "(s64)(s32)" : "(u64)")
                    .append(index)
                    .append(" * ")
                    .append(m.scale());
        }
        return sum.toString();
    }
}

package io.github.bcc4j.attach;

import io.github.bcc4j.attach.UsdtArgument.Constant;
import io.github.bcc4j.attach.UsdtArgument.Memory;
import io.github.bcc4j.attach.UsdtArgument.Operand;
import io.github.bcc4j.attach.UsdtArgument.Register;
import io.github.bcc4j.attach.UsdtArgument.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the argument descriptions of static probes, {@code SIZE@OPERAND} with spaces between, for one processor. What is not understood
 * becomes {@link Unreadable}, so that the other arguments can be used.
 *
 * <p>Source: the SystemTap wiki on {@code sys/sdt.h}'s notes, and the assembler languages of the processors.
 */
abstract class UsdtOperands {
    private static final Pattern SIZE = Pattern.compile("(-?)(\\d{1,2})f?@");
    static final String NUMBER = "[-+]?(?:0[xX][0-9a-fA-F]+|\\d+)";

    /** For a processor, by its ELF number: x86-64 (62), i386 (3), aarch64 (183). */
    static UsdtOperands of(int machine) {
        return switch (machine) {
            case 3, 62 -> new UsdtOperandsX86();
            case 183 -> new UsdtOperandsArm64();
            default ->
                new UsdtOperands() {
                    @Override
                    Operand operand(String text) {
                        return new Unreadable("bcc4j does not know the operands of ELF machine " + machine);
                    }
                };
        };
    }

    List<UsdtArgument> parse(String arguments) {
        return split(arguments).stream().map(this::argument).toList();
    }

    /** At spaces, but those within brackets. */
    private static List<String> split(String arguments) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int depth = 0;
        for (char c : (arguments + " ").toCharArray()) {
            depth += c == '[' || c == '(' ? 1 : c == ']' || c == ')' ? -1 : 0;
            if (!Character.isWhitespace(c)) {
                part.append(c);
            } else if (depth <= 0 && !part.isEmpty()) {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        if (!part.isEmpty()) {
            parts.add(part.toString());
        }
        return parts;
    }

    private UsdtArgument argument(String text) {
        Matcher m = SIZE.matcher(text);
        boolean sized = m.lookingAt();
        Operand operand = read(sized ? text.substring(m.end()) : text);
        // Before sys/sdt.h told sizes, a register's name had to do.
        int size = sized ? Integer.parseInt(m.group(2)) : operand instanceof Register r ? r.bits() / 8 : 8;
        boolean signed = sized ? !m.group(1).isEmpty() : operand instanceof Constant;
        if (size != 1 && size != 2 && size != 4 && size != 8) {
            return new UsdtArgument(8, false, new Unreadable("it is " + size + " bytes long"), text);
        }
        return new UsdtArgument(size, signed, operand, text);
    }

    private Operand read(String text) {
        try {
            return operand(text);
        } catch (NumberFormatException e) {
            return new Unreadable("a number is too large");
        }
    }

    /** An operand that is without spaces. */
    abstract Operand operand(String text);

    static long number(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        boolean negative = digits.startsWith("-");
        String rest = negative ? digits.substring(1) : digits;
        boolean hex = rest.startsWith("0x") || rest.startsWith("0X");
        long value = Long.parseUnsignedLong(hex ? rest.substring(2) : rest, hex ? 16 : 10);
        return negative ? -value : value;
    }

    static Optional<Long> numberOf(String text) {
        return text == null || text.isEmpty() ? Optional.empty() : Optional.of(number(text));
    }

    static Memory memory(long displacement, String symbol, boolean relative, Register base, Register index, int scale) {
        return new Memory(displacement, symbol, relative, base, index, false, scale);
    }
}

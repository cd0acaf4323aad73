package io.github.bcc4j.attach;

import io.github.bcc4j.attach.UsdtArgument.Constant;
import io.github.bcc4j.attach.UsdtArgument.Memory;
import io.github.bcc4j.attach.UsdtArgument.Operand;
import io.github.bcc4j.attach.UsdtArgument.Register;
import io.github.bcc4j.attach.UsdtArgument.Unreadable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Operands of 64-bit Arm. */
final class UsdtOperandsArm64 extends UsdtOperands {
    private static final Pattern CONSTANT = Pattern.compile("#?(" + NUMBER + ")");
    private static final Pattern GENERAL = Pattern.compile("([xw])(\\d{1,2})");
    private static final Pattern MEMORY = Pattern.compile(
            "\\[(\\w+)(?:,#?(" + NUMBER + ")|,([xw]\\d{1,2})(?:,(lsl|sxtw|uxtw|sxtx|uxtx)(?:#?([0-4]))?)?)?\\]");

    @Override
    Operand operand(String text) {
        Matcher constant = CONSTANT.matcher(text);
        if (constant.matches()) {
            return new Constant(number(constant.group(1)), "");
        }
        Matcher m = MEMORY.matcher(text);
        if (!m.matches()) {
            return text.startsWith("[") ? new Unreadable("the address is not understood") : register(text);
        }
        Operand base = register(m.group(1));
        Operand index = m.group(3) == null ? null : register(m.group(3));
        if (!(base instanceof Register b) || index instanceof Unreadable || index instanceof Constant) {
            return new Unreadable("the address is not understood");
        }
        boolean signed = "sxtw".equals(m.group(4));
        int scale = 1 << numberOf(m.group(5)).orElse(0L);
        return new Memory(numberOf(m.group(2)).orElse(0L), "", false, b, (Register) index, signed, scale);
    }

    private static Operand register(String name) {
        switch (name) {
            case "sp", "x31" -> {
                return new Register("sp", 64, 0);
            }
            case "wsp" -> {
                return new Register("sp", 32, 0);
            }
            case "xzr", "wzr" -> {
                return new Constant(0, "");
            }
            default -> {
                Matcher m = GENERAL.matcher(name);
                if (m.matches() && Integer.parseInt(m.group(2)) < 31) {
                    return new Register("regs[" + m.group(2) + "]", m.group(1).equals("x") ? 64 : 32, 0);
                }
                return new Unreadable(
                        name.matches("[bhsdqv]\\d{1,2}.*")
                                ? "it is in " + name + ", a register that the kernel does not show to BPF programs"
                                : "the operand is not understood");
            }
        }
    }
}

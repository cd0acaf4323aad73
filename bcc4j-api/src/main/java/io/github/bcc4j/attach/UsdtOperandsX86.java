package io.github.bcc4j.attach;

import io.github.bcc4j.attach.UsdtArgument.Constant;
import io.github.bcc4j.attach.UsdtArgument.Operand;
import io.github.bcc4j.attach.UsdtArgument.Register;
import io.github.bcc4j.attach.UsdtArgument.Unreadable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Operands in AT&amp;T's notation for x86-64. */
final class UsdtOperandsX86 extends UsdtOperands {
    private static final String SYMBOL = "[A-Za-z_.][\\w.$]*";
    /** A number, a symbol, or both in either order. */
    private static final Pattern PLACE = Pattern.compile("(" + NUMBER + ")?\\+?(" + SYMBOL + ")?(" + NUMBER + ")?");

    private static final Pattern MEMORY = Pattern.compile("([^()%$]*)\\((?:%(\\w+))?(?:,%(\\w+)(?:,([1248]))?)?\\)");
    private static final Map<String, Register> REGISTERS = registers();

    private static Map<String, Register> registers() {
        Map<String, Register> all = new HashMap<>();
        for (String letter : new String[] {"a", "b", "c", "d"}) {
            String field = letter + "x";
            all.put("r" + field, new Register(field, 64, 0));
            all.put("e" + field, new Register(field, 32, 0));
            all.put(field, new Register(field, 16, 0));
            all.put(letter + "l", new Register(field, 8, 0));
            all.put(letter + "h", new Register(field, 8, 8));
        }
        for (String field : new String[] {"si", "di", "bp", "sp"}) {
            all.put("r" + field, new Register(field, 64, 0));
            all.put("e" + field, new Register(field, 32, 0));
            all.put(field, new Register(field, 16, 0));
            all.put(field + "l", new Register(field, 8, 0));
        }
        for (int i = 8; i < 16; i++) {
            String field = "r" + i;
            all.put(field, new Register(field, 64, 0));
            all.put(field + "d", new Register(field, 32, 0));
            all.put(field + "w", new Register(field, 16, 0));
            all.put(field + "b", new Register(field, 8, 0));
        }
        all.put("rip", new Register("ip", 64, 0));
        return Map.copyOf(all);
    }

    private record Place(long displacement, String symbol) {}

    private static Optional<Place> place(String text) {
        Matcher m = PLACE.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        String symbol = m.group(2) == null ? "" : m.group(2);
        long sum = numberOf(m.group(1)).orElse(0L) + numberOf(m.group(3)).orElse(0L);
        return Optional.of(new Place(sum, symbol));
    }

    @Override
    Operand operand(String text) {
        if (text.contains("%fs:") || text.contains("%gs:")) {
            return new Unreadable("it is a variable of the thread, whose place BPF programs can't find out");
        }
        if (text.isEmpty() || text.equals("$")) {
            return new Unreadable("the operand is missing");
        }
        if (text.startsWith("$")) {
            return place(text.substring(1))
                    .<Operand>map(p -> new Constant(p.displacement, p.symbol))
                    .orElseGet(() -> new Unreadable("the constant is not understood"));
        }
        if (text.startsWith("%")) {
            return register(text.substring(1));
        }
        Matcher m = MEMORY.matcher(text);
        if (!m.matches()) {
            return place(text)
                    .<Operand>map(p -> memory(p.displacement, p.symbol, false, null, null, 1))
                    .orElseGet(() -> new Unreadable("the operand is not understood"));
        }
        Optional<Place> place = place(m.group(1));
        Register base = m.group(2) == null ? null : REGISTERS.get(m.group(2));
        Register index = m.group(3) == null ? null : REGISTERS.get(m.group(3));
        if (place.isEmpty() || (m.group(2) != null && base == null) || (m.group(3) != null && index == null)) {
            return new Unreadable("the address is not understood");
        }
        int scale = m.group(4) == null ? 1 : Integer.parseInt(m.group(4));
        boolean relative = base != null && base.field().equals("ip");
        if (relative && place.get().symbol.isEmpty()) {
            return new Unreadable("the address is relative to the next instruction, which is not known");
        }
        return memory(place.get().displacement, place.get().symbol, relative, relative ? null : base, index, scale);
    }

    private static Operand register(String name) {
        Register register = REGISTERS.get(name);
        if (register != null) {
            return register;
        }
        return new Unreadable(
                name.matches("[xyz]mm\\d+|st.*|mm\\d|k\\d")
                        ? "it is in %" + name + ", a register that the kernel does not show to BPF programs"
                        : "there is no register %" + name);
    }
}

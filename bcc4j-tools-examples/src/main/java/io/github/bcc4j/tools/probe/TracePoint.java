package io.github.bcc4j.tools.probe;

import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.tools.probe.ProbeSpec.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One probe of the tool trace: where, when, and what it prints. Its event is made of eight bytes for a number, and a fixed room for a text. */
public final class TracePoint {
    /** Bytes of what all events begin with: {@code struct head} of trace.c. */
    public static final int HEAD = 64;

    private static final Pattern CONVERSION =
            Pattern.compile("%([-+ #0]*)(\\d{0,3})(?:\\.(\\d+))?(hh|h|ll|l|z)?([diuxXocspKU%])");
    private static final Pattern MESSAGE = Pattern.compile("\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(.*)", Pattern.DOTALL);
    private static final Pattern USER = Pattern.compile("(.*)@user\\s*", Pattern.DOTALL);

    /** A value that is printed: a conversion of the format, and its expression. */
    private record Value(Matcher how, String conversion, Expression expression, boolean user) {
        boolean isText() {
            return conversion.equals("s");
        }
    }

    private final Generated place;
    private final List<Expression> filter;
    private final List<Value> values = new ArrayList<>();
    private final List<String> literals = new ArrayList<>();
    private final int textSize;
    private final int number;

    private TracePoint(Generated place, List<Expression> filter, int number, int textSize) {
        this.place = place;
        this.filter = filter;
        this.number = number;
        this.textSize = textSize;
    }

    /**
     * Reads a probe.
     *
     * @param text {@code place (predicate) "format", expression, ...}
     * @param number distinguishes it from others of its program
     * @param textSize bytes of a text, at most
     * @return the probe
     * @throws IllegalArgumentException if it is none
     */
    public static TracePoint parse(String text, int number, int textSize) {
        String left = text.strip();
        int end = 0;
        int depth = 0;
        while (end < left.length() && (depth > 0 || " \t\"".indexOf(left.charAt(end)) < 0)) {
            depth += left.charAt(end) == '(' ? 1 : left.charAt(end) == ')' ? -1 : 0;
            end++;
        }
        String place = left.substring(0, end);
        left = left.substring(end).strip();
        List<Expression> filter = List.of();
        if (left.startsWith("(")) {
            int close = closing(left);
            filter = List.of(Expression.parse(left.substring(1, close)));
            left = left.substring(close + 1).strip();
        }
        TracePoint point = new TracePoint(Generated.of(ProbeSpec.parse(place), number), filter, number, textSize);
        if (!left.isEmpty()) {
            point.message(left);
        }
        return point;
    }

    private static int closing(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("unbalanced parentheses in \"" + text + '"');
    }

    private void message(String text) {
        Matcher message = MESSAGE.matcher(text);
        if (!message.matches()) {
            throw new IllegalArgumentException(
                    "after the place stand a predicate in parentheses and a format in quotes, not: " + text);
        }
        List<String> expressions = split(message.group(2));
        Matcher conversion = CONVERSION.matcher(message.group(1));
        int at = 0;
        int used = 0;
        StringBuilder literal = new StringBuilder();
        while (conversion.find()) {
            literal.append(message.group(1), at, conversion.start());
            at = conversion.end();
            if (conversion.group(5).equals("%")) {
                literal.append('%');
                continue;
            }
            if (used == expressions.size()) {
                throw new IllegalArgumentException(
                        "the format has more conversions than there are expressions: " + text);
            }
            String expression = expressions.get(used++);
            Matcher user = USER.matcher(expression);
            Expression parsed = Expression.parse(user.matches() ? user.group(1) : expression);
            Matcher own = CONVERSION.matcher(conversion.group());
            own.matches();
            values.add(new Value(own, conversion.group(5), parsed, user.matches() || place.isUserText(parsed)));
            literals.add(plain(literal));
            literal.setLength(0);
        }
        if (used < expressions.size()) {
            throw new IllegalArgumentException("the format has fewer conversions than there are expressions: " + text);
        }
        literals.add(plain(literal.append(message.group(1).substring(at))));
    }

    private static String plain(StringBuilder literal) {
        return literal.toString().replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"");
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        if (text.isBlank()) {
            return parts;
        }
        if (!text.startsWith(",")) {
            throw new IllegalArgumentException("a comma stands between a format and its expressions: " + text);
        }
        int depth = 0;
        int start = 1;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /**
     * Where it is.
     *
     * @return the function made for it
     */
    public Generated place() {
        return place;
    }

    /**
     * Whether it prints no message.
     *
     * @return true without a format
     */
    public boolean isPlain() {
        return literals.isEmpty();
    }

    /**
     * The C text of it: its event and its function.
     *
     * @param kernelStacks whether events have the kernel's stack
     * @param userStacks whether events have the process's stack
     * @return C, to stand after trace.c
     */
    public String c(boolean kernelStacks, boolean userStacks) {
        StringBuilder c = new StringBuilder("\nstruct event_" + number + " {\n    struct head head;\n");
        for (int i = 0; i < values.size(); i++) {
            c.append(values.get(i).isText() ? "    char v" + i + "[" + textSize + "];\n" : "    u64 v" + i + ";\n");
        }
        c.append("};\nBPF_PERCPU_ARRAY(scratch_")
                .append(number)
                .append(", struct event_")
                .append(number)
                .append(", 1);\n\n");
        c.append(place.head()).append("    if (not_traced())\n        return 0;\n");
        List<Expression> all = new ArrayList<>(filter);
        values.forEach(v -> all.add(v.expression()));
        c.append(place.reads(all));
        filter.forEach(f -> c.append("    if (!").append(place.c(f)).append(")\n        return 0;\n"));
        c.append("    int zero = 0;\n    struct event_")
                .append(number)
                .append(" *e = scratch_")
                .append(number)
                .append(".lookup(&zero);\n    if (!e)\n        return 0;\n    begin(&e->head, ")
                .append(number)
                .append(");\n");
        for (int i = 0; i < values.size(); i++) {
            c.append(value(values.get(i), i));
        }
        if (kernelStacks) {
            c.append("    e->head.kernel = stacks.get_stackid(ctx, 0);\n");
        }
        if (userStacks) {
            c.append("    e->head.user = stacks.get_stackid(ctx, BPF_F_USER_STACK);\n");
        }
        return c.append("    events.perf_submit(ctx, e, sizeof(*e));\n    return 0;\n}\n")
                .toString();
    }

    private String value(Value value, int i) {
        if (!value.isText()) {
            return "    e->v" + i + " = (u64)" + cast(value) + place.c(value.expression()) + ";\n";
        }
        String clear = "    e->v" + i + "[0] = 0;\n";
        List<String> tokens = value.expression().tokens();
        if (place.spec().kind() == Kind.TRACEPOINT
                && tokens.size() == 3
                && tokens.get(0).equals("args")) {
            String field = tokens.get(2);
            String format =
                    Probes.tracepointFormat(place.spec().library(), place.spec().function());
            if (Pattern.compile("__data_loc[^;]*\\b" + Pattern.quote(field) + ";")
                    .matcher(format)
                    .find()) {
                return clear + "    TP_DATA_LOC_READ_STR(&e->v" + i + ", " + field + ", sizeof(e->v" + i + "));\n";
            }
            if (Pattern.compile("char " + Pattern.quote(field) + "\\[")
                    .matcher(format)
                    .find()) {
                return clear + "    bpf_probe_read_kernel_str(&e->v" + i + ", sizeof(e->v" + i + "), args->" + field
                        + ");\n";
            }
        }
        return clear + "    bpf_probe_read_" + (value.user() ? "user" : "kernel") + "_str(&e->v" + i + ", sizeof(e->v"
                + i + "), (void *)" + place.c(value.expression()) + ");\n";
    }

    private static String cast(Value value) {
        String length = value.how().group(4) == null ? "" : value.how().group(4);
        boolean signed = value.conversion().equals("d") || value.conversion().equals("i");
        return switch (value.conversion()) {
            case "p", "K", "U" -> "";
            case "c" -> "(u8)";
            default ->
                switch (length) {
                    case "hh" -> signed ? "(s8)" : "(u8)";
                    case "h" -> signed ? "(s16)" : "(u16)";
                    case "" -> signed ? "(s32)" : "(u32)";
                    default -> signed ? "(s64)" : "(u64)";
                };
        };
    }

    /**
     * The message of an event.
     *
     * @param memory where it is
     * @param offset from where on
     * @param kernel names an address of the kernel
     * @param user names an address of the process
     * @return as the format has it; empty without one
     */
    public String message(MemorySegment memory, long offset, LongFunction<String> kernel, LongFunction<String> user) {
        StringBuilder text = new StringBuilder();
        long at = offset + HEAD;
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            text.append(literals.get(i));
            if (value.isText()) {
                String shown = text(memory, at);
                text.append(pad(value, shown));
                at += textSize;
                continue;
            }
            long number = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            at += Long.BYTES;
            text.append(
                    switch (value.conversion()) {
                        case "K" -> kernel.apply(number);
                        case "U" -> user.apply(number);
                        case "c" -> String.valueOf((char) (number & 0xff));
                        case "d", "i" -> pad(value, Long.toString(number));
                        case "u" -> pad(value, Long.toUnsignedString(number));
                        case "x" -> pad(value, Long.toHexString(number));
                        case "X" -> pad(value, Long.toHexString(number).toUpperCase(Locale.ROOT));
                        case "o" -> pad(value, Long.toOctalString(number));
                        default -> "0x" + Long.toHexString(number);
                    });
        }
        return text.append(literals.isEmpty() ? "" : literals.getLast()).toString();
    }

    private String text(MemorySegment memory, long at) {
        byte[] bytes = memory.asSlice(at, textSize).toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static String pad(Value value, String text) {
        String flags = value.how().group(1);
        int width = value.how().group(2).isEmpty()
                ? 0
                : Integer.parseInt(value.how().group(2));
        String sign = !value.isText() && text.startsWith("-") ? "-" : "";
        String prefix = flags.contains("#") && "xX".contains(value.conversion()) ? "0x" : sign;
        String digits = text.substring(sign.length());
        int missing = Math.max(0, width - prefix.length() - digits.length());
        if (flags.contains("-")) {
            return prefix + digits + " ".repeat(missing);
        }
        return flags.contains("0") && !value.isText()
                ? prefix + "0".repeat(missing) + digits
                : " ".repeat(missing) + prefix + digits;
    }
}

package io.github.bcc4j.tools.probe;

import io.github.bcc4j.tools.probe.ProbeSpec.Kind;
import io.github.bcc4j.tools.probe.ProbeSpec.Parameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the tool argdist collects at one place: values of expressions, counted each, or in a histogram of powers of two. Written
 * {@code place(parameters)[:type,...:expression,...[:predicate]][#label]}.
 */
public final class Distribution {
    private static final Pattern TYPE = Pattern.compile("[A-Za-z_][\\w\\s]*\\**");

    /** A value: its C type, what the user wrote, and that taken apart. */
    private record Value(String type, String text, Expression expression) {
        boolean isText() {
            return type.replace(" ", "").replaceFirst("^const", "").equals("char*");
        }

        boolean isUnsigned() {
            return type.matches("(__)?u(8|16|32|64)|unsigned.*|size_t|uint.*_t") || type.endsWith("*");
        }
    }

    private final String text;
    private final String label;
    private final int number;
    private final int textSize;
    private final boolean histogram;
    private final Generated place;
    private final List<Value> values = new ArrayList<>();
    private final List<Expression> filter = new ArrayList<>();

    private Distribution(String text, String label, int number, int textSize, boolean histogram, Generated place) {
        this.text = text;
        this.label = label;
        this.number = number;
        this.textSize = textSize;
        this.histogram = histogram;
        this.place = place;
    }

    /**
     * Reads one.
     *
     * @param text what the user wrote
     * @param number distinguishes it from others of its program
     * @param histogram whether it is a histogram, else values are counted each
     * @param textSize bytes of a text, at most
     * @return what to collect
     * @throws IllegalArgumentException if it is none
     */
    public static Distribution parse(String text, int number, boolean histogram, int textSize) {
        int hash = text.lastIndexOf('#');
        String body = hash < 0 ? text : text.substring(0, hash);
        int close = body.indexOf(')');
        if (close < 0) {
            throw new IllegalArgumentException(
                    "a place has parentheses here, with parameters or none: p::vfs_read(), not " + body);
        }
        ProbeSpec spec = ProbeSpec.parse(body.substring(0, close + 1).strip());
        String rest = body.substring(close + 1).strip();
        Distribution result = new Distribution(
                body,
                hash < 0 ? "" : text.substring(hash + 1),
                number,
                textSize,
                histogram,
                Generated.of(spec, number));
        String[] parts = rest.isEmpty()
                ? new String[0]
                : rest.substring(rest.startsWith(":") ? 1 : 0).split(":", 3);
        if (!rest.isEmpty() && (!rest.startsWith(":") || parts.length < 2)) {
            throw new IllegalArgumentException("after a place stand :types:expressions[:predicate], not " + rest);
        }
        if (parts.length > 0) {
            result.values(parts[0].split(","), parts[1].split(","));
        } else {
            result.values.add(
                    spec.kind() == Kind.RETURN
                            ? new Value("s64", "retval", Expression.parse("$retval"))
                            : new Value("u64", "total calls", Expression.parse("0")));
        }
        if (parts.length > 2 && !parts[2].isBlank()) {
            result.filter.add(Expression.parse(parts[2]));
        }
        if (histogram && (result.values.size() > 1 || result.values.getFirst().isText())) {
            throw new IllegalArgumentException("a histogram is of one number: " + text);
        }
        if (spec.kind() != Kind.RETURN && result.needsEntry()) {
            throw new IllegalArgumentException(
                    "$latency and $entry are known when a function returns: r:..., not " + text);
        }
        return result;
    }

    private void values(String[] types, String[] expressions) {
        if (types.length != expressions.length) {
            throw new IllegalArgumentException(
                    types.length + " types for " + expressions.length + " expressions: " + text);
        }
        for (int i = 0; i < types.length; i++) {
            if (!TYPE.matcher(types[i].strip()).matches()) {
                throw new IllegalArgumentException("not a type: \"" + types[i] + '"');
            }
            values.add(new Value(types[i].strip(), expressions[i].strip(), Expression.parse(expressions[i])));
        }
    }

    private List<Expression> all() {
        List<Expression> all = new ArrayList<>(filter);
        values.forEach(v -> all.add(v.expression()));
        return all;
    }

    private boolean needsEntry() {
        return all().stream().anyMatch(e -> e.mentions("$latency") || e.mentions("$entry"));
    }

    /** The parameters that {@code $entry(name)} asks for. */
    private Set<String> kept() {
        Set<String> kept = new LinkedHashSet<>();
        for (Expression e : all()) {
            for (int i = 0; i + 3 < e.tokens().size(); i++) {
                if (e.tokens().get(i).equals("$entry")) {
                    String name = e.tokens().get(i + 2);
                    if (place.spec().signature().stream()
                            .noneMatch(p -> p.name().equals(name))) {
                        throw new IllegalArgumentException("$entry(" + name + ") is no parameter of " + text);
                    }
                    kept.add(name);
                }
            }
        }
        return kept;
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
     * Where its entry is, if values of that are needed at the return.
     *
     * @return none or one
     */
    public List<Generated> entry() {
        ProbeSpec s = place.spec();
        return needsEntry()
                ? List.of(Generated.named(
                        new ProbeSpec(Kind.ENTRY, s.library(), s.function(), 0, s.signature()), "entry_" + number))
                : List.of();
    }

    /**
     * The C text of it.
     *
     * @return C, to stand after argdist.c
     */
    public String c() {
        StringBuilder c = new StringBuilder("\n");
        if (histogram) {
            c.append("BPF_HISTOGRAM(dist_").append(number).append(");\n");
        } else {
            c.append("struct key_").append(number).append(" {\n");
            for (int i = 0; i < values.size(); i++) {
                c.append(values.get(i).isText() ? "    char v" + i + "[" + textSize + "];\n" : "    u64 v" + i + ";\n");
            }
            c.append("};\nBPF_HASH(counts_")
                    .append(number)
                    .append(", struct key_")
                    .append(number)
                    .append(", u64);\n");
        }
        Set<String> kept = kept();
        entry().forEach(e -> {
            c.append("struct entered_").append(number).append(" {\n    u64 ns;\n");
            kept.forEach(name -> c.append("    u64 e_").append(name).append(";\n"));
            c.append("};\nBPF_TABLE(\"lru_hash\", u64, struct entered_")
                    .append(number)
                    .append(", entered_")
                    .append(number)
                    .append(", 10240);\n\n")
                    .append(e.head())
                    .append(
                            "    if (unwanted())\n        return 0;\n    u64 thread = bpf_get_current_pid_tgid();\n    struct entered_")
                    .append(number)
                    .append(" at = {.ns = bpf_ktime_get_ns()};\n");
            kept.forEach(name -> c.append("    at.e_")
                    .append(name)
                    .append(" = (u64)")
                    .append(Generated.parameter(name))
                    .append(";\n"));
            c.append("    entered_").append(number).append(".update(&thread, &at);\n    return 0;\n}\n");
        });
        c.append('\n')
                .append(place.head())
                .append("    if (unwanted())\n        return 0;\n")
                .append(place.reads(all()));
        if (needsEntry()) {
            c.append("    u64 thread = bpf_get_current_pid_tgid();\n    struct entered_")
                    .append(number)
                    .append(" *at = entered_")
                    .append(number)
                    .append(
                            ".lookup(&thread);\n    if (!at)\n        return 0;\n    u64 latency = bpf_ktime_get_ns() - at->ns;\n");
            kept.forEach(name -> c.append("    ")
                    .append(type(name))
                    .append(" e_")
                    .append(name)
                    .append(" = (")
                    .append(type(name))
                    .append(")at->e_")
                    .append(name)
                    .append(";\n"));
            c.append("    entered_").append(number).append(".delete(&thread);\n");
        }
        filter.forEach(f -> c.append("    if (!").append(expression(f)).append(")\n        return 0;\n"));
        if (histogram) {
            c.append("    dist_")
                    .append(number)
                    .append(".increment(bpf_log2l((u64)(")
                    .append(values.getFirst().type())
                    .append(')')
                    .append(expression(values.getFirst().expression()))
                    .append("));\n");
        } else {
            c.append("    struct key_").append(number).append(" key = {};\n");
            for (int i = 0; i < values.size(); i++) {
                Value v = values.get(i);
                c.append(
                        v.isText()
                                ? "    bpf_probe_read_" + (place.isUserText(v.expression()) ? "user" : "kernel")
                                        + "_str(&key.v" + i + ", sizeof(key.v" + i + "), (void *)"
                                        + expression(v.expression()) + ");\n"
                                : "    key.v" + i + " = (u64)(" + v.type() + ")" + expression(v.expression()) + ";\n");
            }
            c.append("    u64 nothing = 0, *n = counts_")
                    .append(number)
                    .append(".lookup_or_try_init(&key, &nothing);\n    if (n)\n"
                            + "        __sync_fetch_and_add(n, 1);\n    else\n        lost.atomic_increment(0);\n");
        }
        return c.append("    return 0;\n}\n").toString();
    }

    private String type(String parameter) {
        return place.spec().signature().stream()
                .filter(p -> p.name().equals(parameter))
                .map(Parameter::type)
                .findFirst()
                .orElseThrow();
    }

    /** {@code $entry(x)} is e_x, {@code $latency} and {@code $retval} what they say. */
    private String expression(Expression expression) {
        List<String> tokens = new ArrayList<>();
        List<String> all = expression.tokens();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).equals("$entry")) {
                if (i + 3 >= all.size()
                        || !all.get(i + 1).equals("(")
                        || !all.get(i + 3).equals(")")) {
                    throw new IllegalArgumentException("$entry has the name of a parameter: $entry(size)");
                }
                tokens.add("$entry_" + all.get(i + 2));
                i += 3;
            } else {
                tokens.add(all.get(i));
            }
        }
        return new Expression(tokens)
                .c(
                        name -> name.startsWith("$entry_")
                                ? "e_" + name.substring("$entry_".length())
                                : switch (name) {
                                    case "$latency" -> needsEntry() ? "latency" : null;
                                    case "$retval" -> place.value("retval");
                                    default -> place.value(name);
                                },
                        (literal, pointer) -> Generated.compare(literal, pointer, place.isUserText(expression)));
    }

    /**
     * What it is of, for people.
     *
     * @return the label, or what the user wrote
     */
    public String title() {
        return label.isEmpty() ? text : label;
    }

    /**
     * What the values of a histogram are of.
     *
     * @return the label, or the expression
     */
    public String unit() {
        return label.isEmpty() ? values.getFirst().text() : label;
    }

    /**
     * Whether it is a histogram.
     *
     * @return false where values are counted each
     */
    public boolean isHistogram() {
        return histogram;
    }

    /**
     * The table that it is collected in.
     *
     * @return its name
     */
    public String table() {
        return (histogram ? "dist_" : "counts_") + number;
    }

    /**
     * The values of a key.
     *
     * @param key its bytes
     * @return by what the user wrote
     */
    public Map<String, Object> values(byte[] key) {
        MemorySegment memory = MemorySegment.ofArray(key);
        Map<String, Object> all = new LinkedHashMap<>();
        long at = 0;
        for (Value v : values) {
            if (v.isText()) {
                int end = (int) at;
                while (end < at + textSize && key[end] != 0) {
                    end++;
                }
                all.put(v.text(), new String(key, (int) at, end - (int) at, StandardCharsets.UTF_8));
                at += textSize;
            } else {
                long n = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
                all.put(v.text(), v.isUnsigned() && n < 0 ? new BigInteger(Long.toUnsignedString(n)) : (Object) n);
                at += Long.BYTES;
            }
        }
        return all;
    }
}

package io.github.bcc4j.tools.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user writes in a probe as a C expression, taken apart and put together again: names, numbers, operators that change nothing, members,
 * elements, casts, and {@code STRCMP("text", pointer)}. Whatever else C has, such as calls, assignments, statements and directives, is no
 * part of it, so that it can't do more than compute a value.
 *
 * @param tokens in order; a text of STRCMP is in quotes
 */
public record Expression(List<String> tokens) {
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:(?<number>0[xX][0-9a-fA-F]+[uUlL]*|\\d+[uUlL]*)"
            + "|(?<name>\\$?[A-Za-z_][A-Za-z0-9_]*)|(?<text>\"(?:[^\"\\\\]|\\\\.)*\")|'(?<char>[^'\\\\])'"
            + "|(?<operator>->|<<|>>|<=|>=|==|!=|&&|\\|\\||[-+*/%&|^~!<>?:().,\\[\\]]))");

    private static final Set<String> TYPES = Set.of(
            "struct",
            "union",
            "enum",
            "const",
            "unsigned",
            "signed",
            "char",
            "short",
            "int",
            "long",
            "void",
            "bool",
            "size_t",
            "ssize_t",
            "u8",
            "u16",
            "u32",
            "u64",
            "s8",
            "s16",
            "s32",
            "s64",
            "__u8",
            "__u16",
            "__u32",
            "__u64",
            "uint8_t",
            "uint16_t",
            "uint32_t",
            "uint64_t",
            "int8_t",
            "int16_t",
            "int32_t",
            "int64_t",
            "pid_t",
            "uid_t",
            "dev_t",
            "umode_t",
            "loff_t",
            "sector_t",
            "gfp_t");

    private static final Pattern REFUSED = Pattern.compile(
            "asm|__asm.*|typeof|__typeof.*|__attribute.*|__builtin.*|goto|return|if|else|for|while|do|switch|case|_Pragma"
                    + "|bpf_.*|__sync.*|__atomic.*|_Static_assert|_Generic|__label__|__extension__|static|extern|register|volatile");

    /** Keeps its own copy. */
    public Expression {
        tokens = List.copyOf(tokens);
    }

    /**
     * Takes an expression apart.
     *
     * @param text as the user wrote it
     * @return its tokens, checked
     * @throws IllegalArgumentException if it is not one, with the place
     */
    public static Expression parse(String text) {
        Matcher matcher = TOKEN.matcher(text);
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.stripTrailing().length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException(
                        "can't use \"" + text.substring(at).strip() + "\" in the expression \"" + text
                                + "\": it may have names, numbers, members and operators without side effects");
            }
            tokens.add(
                    matcher.group("char") != null
                            ? String.valueOf((int) matcher.group("char").charAt(0))
                            : matcher.group().strip());
            at = matcher.end();
        }
        check(tokens, text);
        return new Expression(tokens);
    }

    private static void check(List<String> tokens, String text) {
        List<String> open = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String before = i == 0 ? "" : tokens.get(i - 1);
            if (REFUSED.matcher(token).matches()) {
                throw new IllegalArgumentException("\"" + token + "\" is no part of an expression: \"" + text + '"');
            }
            if (token.startsWith("\"")
                    && !(i >= 2 && before.equals("(") && tokens.get(i - 2).equals("STRCMP"))) {
                throw new IllegalArgumentException("a text stands in STRCMP(\"text\", pointer) only: \"" + text + '"');
            }
            if (token.equals(",") && !before.startsWith("\"")) {
                throw new IllegalArgumentException("a comma stands in STRCMP(\"text\", pointer) only: \"" + text + '"');
            }
            boolean call = token.equals("(")
                    && (before.matches("\\$?\\w+") && !before.equals("STRCMP") && !before.equals("sizeof")
                            || before.equals("]")
                            || before.equals(")") && !castEnds(tokens, i - 1));
            if (call && !TYPES.contains(before) && !before.equals("$entry")) {
                throw new IllegalArgumentException("a probe calls no functions: \"" + text + '"');
            }
            if (token.equals("(") || token.equals("[")) {
                open.add(token.equals("(") ? ")" : "]");
            } else if (token.equals(")") || token.equals("]")) {
                if (open.isEmpty() || !open.removeLast().equals(token)) {
                    throw new IllegalArgumentException("unbalanced parentheses in \"" + text + '"');
                }
            }
        }
        if (!open.isEmpty() || tokens.isEmpty()) {
            throw new IllegalArgumentException(
                    tokens.isEmpty() ? "an expression is empty" : "unbalanced parentheses in \"" + text + '"');
        }
    }

    /** Whether the parenthesis at a place ends a cast: between it and the one before are words of a type and stars only. */
    private static boolean castEnds(List<String> tokens, int close) {
        int i = close - 1;
        while (i >= 0 && (tokens.get(i).equals("*") || tokens.get(i).matches("[A-Za-z_]\\w*"))) {
            i--;
        }
        return i >= 0 && i < close - 1 && tokens.get(i).equals("(") && TYPES.contains(tokens.get(i + 1));
    }

    /**
     * Whether a name is in it.
     *
     * @param name such as {@code $latency}
     * @return true if so
     */
    public boolean mentions(String name) {
        return tokens.contains(name);
    }

    /**
     * The expression in C.
     *
     * @param names gives for a name what stands for it, or null if it may not be used
     * @param compare makes of a text and a pointer's expression what compares them
     * @return between parentheses
     * @throws IllegalArgumentException if a name is not known
     */
    public String c(UnaryOperator<String> names, BinaryOperator<String> compare) {
        StringBuilder c = new StringBuilder("(");
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String before = i == 0 ? "" : tokens.get(i - 1);
            if (token.equals("STRCMP")) {
                int end = closing(i + 1);
                String text = end < i + 5 ? "" : tokens.get(i + 2);
                if (!text.startsWith("\"") || !tokens.get(i + 3).equals(",")) {
                    throw new IllegalArgumentException("STRCMP(\"text\", pointer) has a text and a pointer");
                }
                String pointer = new Expression(tokens.subList(i + 4, end)).c(names, compare);
                c.append(compare.apply(text.substring(1, text.length() - 1), pointer));
                i = end;
            } else if (token.matches("\\$?[A-Za-z_]\\w*")
                    && !before.equals("->")
                    && !before.equals(".")
                    && !TYPES.contains(token)
                    && !Set.of("struct", "union", "enum").contains(before)
                    && !token.equals("sizeof")) {
                String value = names.apply(token);
                if (value == null) {
                    throw new IllegalArgumentException("there is no \"" + token + "\" here");
                }
                c.append(value).append(' ');
            } else {
                c.append(token).append(' ');
            }
        }
        return c.append(')').toString();
    }

    private int closing(int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            depth += tokens.get(i).equals("(") ? 1 : tokens.get(i).equals(")") ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }
}

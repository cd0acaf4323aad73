package io.github.bcc4j.compile.child;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A C text as far as it can be understood without its includes: what is code, how deep in braces it is, and the positions by which its
 * author knows the lines. Lines are counted from 0 here, in positions from 1.
 */
public final class CText {
    private static final Pattern CONDITIONAL = Pattern.compile("\\s*#\\s*(if|ifdef|ifndef|elif|else|endif)\\b.*");
    private static final Pattern RENUMBERING =
            Pattern.compile("\\s*#\\s*(?:line\\s+)?(\\d{1,9})(?:\\s+\"([^\"]*)\".*)?\\s*");

    /**
     * Where a line is for its author, who may have said so by {@code #line}.
     *
     * @param file the file
     * @param line the line in it, from 1
     */
    public record Position(String file, int line) {
        // Spelled out, as a JVM takes ten milliseconds of every start to make a record's first ones.
        @Override
        public boolean equals(Object o) {
            return o instanceof Position p && line == p.line && file.equals(p.file);
        }

        @Override
        public int hashCode() {
            return file.hashCode() + line;
        }
    }

    private final String[] lines;
    private final String code;
    private final String[] codeLines;
    private final BitSet inside = new BitSet();
    private final BitSet directives = new BitSet();
    private final int[] braces;
    private final int[] parentheses;
    private final Position[] positions;
    private final Map<Position, String> byPosition = new HashMap<>();

    /**
     * Reads a text.
     *
     * @param source the text
     * @param name the file name of its first line
     */
    public CText(String source, String name) {
        this.lines = source.split("\n", -1);
        this.code = blank(source);
        this.codeLines = code.split("\n", -1);
        this.braces = new int[code.length() + 1];
        this.parentheses = new int[code.length() + 1];
        this.positions = new Position[lines.length + 1];
        measure();
        locate(name);
    }

    /** Turns comments, strings and character constants into spaces, in place. */
    private String blank(String text) {
        int line = 0;
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < text.length(); ) {
            int end = i + 1;
            if (text.startsWith("//", i)) {
                end = endOfLine(text, i);
            } else if (text.startsWith("/*", i)) {
                int close = text.indexOf("*/", i + 2);
                end = close < 0 ? text.length() : close + 2;
            } else if (text.charAt(i) == '"' || text.charAt(i) == '\'') {
                end = endOfLiteral(text, i);
            } else {
                if (text.charAt(i) == '\n') {
                    inside.set(++line, isContinued(text, i));
                }
                i++;
                continue;
            }
            for (; i < end; i++) {
                if (text.charAt(i) != '\n') {
                    out.setCharAt(i, ' ');
                } else {
                    inside.set(++line);
                }
            }
        }
        return out.toString();
    }

    private static boolean isContinued(String text, int newline) {
        int last = newline > 0 && text.charAt(newline - 1) == '\r' ? newline - 2 : newline - 1;
        return last >= 0 && text.charAt(last) == '\\';
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        while (end > 0 && isContinued(text, end)) {
            end = text.indexOf('\n', end + 1);
        }
        return end < 0 ? text.length() : end;
    }

    private static int endOfLiteral(String text, int from) {
        char quote = text.charAt(from);
        for (int i = from + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == quote) {
                return i + 1;
            } else if (c == '\n') {
                return i; // unfinished: the compiler will say so
            }
        }
        return text.length();
    }

    /** Counts braces and parentheses; each branch of an #if starts as deep as the first. */
    private void measure() {
        Deque<int[]> branches = new ArrayDeque<>();
        int at = 0;
        int brace = 0;
        int parenthesis = 0;
        boolean directive = false;
        for (int i = 0; i < codeLines.length; i++) {
            boolean first = codeLines[i].stripLeading().startsWith("#") && !(directive && inside.get(i));
            directive = first || directive && inside.get(i);
            directives.set(i, directive);
            Matcher m = CONDITIONAL.matcher(codeLines[i]);
            if (first && m.matches()) {
                if (m.group(1).startsWith("if")) {
                    branches.push(new int[] {brace, parenthesis});
                } else if (m.group(1).equals("endif")) {
                    branches.poll();
                } else if (!branches.isEmpty()) {
                    brace = branches.peek()[0];
                    parenthesis = branches.peek()[1];
                }
            }
            for (int c = 0; c <= codeLines[i].length(); c++, at++) {
                braces[at] = brace;
                parentheses[at] = parenthesis;
                if (at < code.length() && !directive) {
                    char character = code.charAt(at);
                    brace += character == '{' ? 1 : character == '}' ? -1 : 0;
                    parenthesis += character == '(' ? 1 : character == ')' ? -1 : 0;
                }
            }
        }
    }

    private void locate(String name) {
        Position here = new Position(name, 1);
        for (int i = 0; i < lines.length; i++) {
            positions[i] = here;
            byPosition.put(here, lines[i]);
            Matcher m = directives.get(i) ? RENUMBERING.matcher(lines[i]) : null;
            here = m != null && m.matches()
                    ? new Position(m.group(2) == null ? here.file() : m.group(2), Integer.parseInt(m.group(1)))
                    : new Position(here.file(), here.line() + 1);
        }
        positions[lines.length] = here;
    }

    /**
     * How many lines there are.
     *
     * @return at least one
     */
    public int size() {
        return lines.length;
    }

    /**
     * A line.
     *
     * @param i its number, from 0
     * @return as it is in the text
     */
    public String line(int i) {
        return lines[i];
    }

    /**
     * The text with comments, strings and character constants turned into spaces.
     *
     * @return as long as the text, line for line and column for column
     */
    public String code() {
        return code;
    }

    /**
     * A line of {@link #code}.
     *
     * @param i its number, from 0
     * @return as long as the line
     */
    public String codeLine(int i) {
        return codeLines[i];
    }

    /**
     * Whether a line begins inside a comment, or carries on the line before.
     *
     * @param i its number, from 0
     * @return true if a directive there would not be one
     */
    public boolean isInside(int i) {
        return inside.get(i);
    }

    /**
     * Whether a line is (part of) a preprocessor directive.
     *
     * @param i its number, from 0
     * @return true if so
     */
    public boolean isDirective(int i) {
        return directives.get(i);
    }

    /**
     * How many braces are open.
     *
     * @param offset before which character of the text
     * @return 0 at file scope
     */
    public int braces(int offset) {
        return braces[offset];
    }

    /**
     * How many parentheses are open.
     *
     * @param offset before which character of the text
     * @return 0 between declarations
     */
    public int parentheses(int offset) {
        return parentheses[offset];
    }

    /**
     * Where a line is for its author.
     *
     * @param i its number, from 0; one past the last line is allowed
     * @return its position
     */
    public Position position(int i) {
        return positions[i];
    }

    /**
     * The line at a position.
     *
     * @param position where
     * @return as it is in the text, empty if the text has no such position
     */
    public Optional<String> at(Position position) {
        return Optional.ofNullable(byPosition.get(position));
    }
}

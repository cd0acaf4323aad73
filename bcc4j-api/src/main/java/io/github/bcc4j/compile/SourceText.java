package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.Engine;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user's C text made ready for libbcc: positions stay the user's own though libbcc inserts lines, and the struct types of events get
 * into the BTF.
 *
 * <p>libbcc rewrites text before and at the start of each function. A {@code #line} after each line on which a block of file scope
 * begins or ends puts the numbers right again.
 */
final class SourceText {
    /** Where the carrier of types seems to come from; never the user's. */
    static final String CARRIER_FILE = "/bcc4j/types";

    /** What bcc's macros for registers need and do not include. */
    private static final String REGISTERS = "#include <uapi/linux/ptrace.h>\n";

    private static final Pattern STRUCT = Pattern.compile("\\bstruct\\s+(\\w+)\\s*\\{");
    private static final Pattern TRACEPOINT = Pattern.compile(
            "\\bTRACEPOINT_PROBE\\s*\\(\\s*(\\w+)\\s*,\\s*(\\w+)\\s*\\)|\\bstruct\\s+tracepoint__(\\w+)");
    private static final Pattern INCLUDE = Pattern.compile("(?m)^\\s*#\\s*include(?:_next)?\\s+(.*)$");
    private static final Pattern STABLE_INCLUDE = Pattern.compile(
            "[<\"](uapi/[\\w/.-]+|asm/ptrace\\.h|linux/(types|ptrace|version|bpf|perf_event|if_ether|in|in6|ip|ipv6|tcp|udp)\\.h|bcc/[\\w.-]+)[>\"].*");

    private final String source;
    private final String name;
    private final String blanked;
    private final BitSet inside = new BitSet();

    SourceText(String source, String name) {
        this.source = source;
        this.name = name;
        this.blanked = blank(source);
    }

    /**
     * The text with comments, strings and character constants turned into spaces, line for line and column for column. Notes the
     * lines that begin inside a comment or carry on the line before: a directive there would not be one.
     */
    private String blank(String text) {
        int lineNumber = 0;
        StringBuilder out = new StringBuilder(text);
        int i = 0;
        while (i < text.length()) {
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
                    inside.set(++lineNumber, i > 0 && text.charAt(i - 1) == '\\');
                }
                i++;
                continue;
            }
            for (int j = i; j < end; j++) {
                if (text.charAt(j) != '\n') {
                    out.setCharAt(j, ' ');
                } else {
                    inside.set(++lineNumber);
                }
            }
            i = end;
        }
        return out.toString();
    }

    /** The end of a line comment, which a backslash carries over. */
    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        while (end > 0 && text.charAt(end - 1) == '\\') {
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

    /** The text to compile, with the carrier of types or without. */
    String prepared(boolean withCarrier) {
        StringBuilder out = new StringBuilder(
                        blanked.contains("PT_REGS_") || blanked.contains("struct pt_regs") ? REGISTERS : "")
                .append(line(1, name));
        String[] lines = source.split("\n", -1);
        String[] plain = blanked.split("\n", -1);
        int depth = 0;
        int parentheses = 0;
        boolean directive = false;
        for (int i = 0; i < lines.length; i++) {
            directive = plain[i].stripLeading().startsWith("#") || directive && inside.get(i);
            boolean blockBeginsOrEnds = false;
            int written = 0;
            for (int c = 0; c < plain[i].length() && !directive; c++) {
                int before = depth;
                depth += plain[i].charAt(c) == '{' ? 1 : plain[i].charAt(c) == '}' ? -1 : 0;
                parentheses += plain[i].charAt(c) == '(' ? 1 : plain[i].charAt(c) == ')' ? -1 : 0;
                blockBeginsOrEnds |= (before == 0) != (depth == 0);
                if (before == 0
                        && depth == 1
                        && parentheses == 0
                        && !plain[i].substring(c + 1).isBlank()) {
                    // A body on the line of its head: on a line of its own, at the same columns.
                    out.append(lines[i], written, c + 1)
                            .append('\n')
                            .append(line(i + 1, name))
                            .repeat(' ', c + 1);
                    written = c + 1;
                }
            }
            out.append(lines[i], written, lines[i].length()).append('\n');
            if (blockBeginsOrEnds && parentheses == 0 && !inside.get(i + 1)) {
                out.append(line(i + 2, name));
            }
        }
        return withCarrier ? out.append(carrier()).toString() : out.toString();
    }

    private static String line(int number, String file) {
        return "#line " + number + " \"" + file + "\"\n";
    }

    private Set<String> structs() {
        Set<String> names = new LinkedHashSet<>();
        int depth = 0;
        int from = 0;
        Matcher m = STRUCT.matcher(blanked);
        while (m.find()) {
            for (; from < m.start(); from++) {
                char c = blanked.charAt(from);
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            }
            if (depth == 0) {
                names.add(m.group(1));
            }
        }
        return names;
    }

    /**
     * A map whose value type is a union of all the structs, and a function: without a function LLVM makes no BTF at all. Both are
     * dropped from the module.
     */
    private String carrier() {
        StringBuilder members = new StringBuilder("char none;");
        int n = 0;
        for (String struct : structs()) {
            members.append(" struct ").append(struct).append(" t").append(n++).append(';');
        }
        return line(1, CARRIER_FILE) + "union " + Engine.CARRIER + "_u { " + members + " };\nBPF_ARRAY("
                + Engine.CARRIER + ", union " + Engine.CARRIER + "_u, 1);\nint " + Engine.CARRIER
                + "_f(void *ctx) { return 0; }\n";
    }

    /** The tracepoints whose argument structs libbcc will have to make, {@code category/name}; several guesses for one with {@code __}. */
    List<String> tracepoints() {
        Set<String> found = new LinkedHashSet<>();
        Matcher m = TRACEPOINT.matcher(blanked);
        while (m.find()) {
            if (m.group(1) != null) {
                found.add(m.group(1) + "/" + m.group(2));
            } else {
                String rest = m.group(3); // libbcc splits at the last double underscore
                int at = rest.lastIndexOf("__");
                if (at > 0) {
                    found.add(rest.substring(0, at) + "/" + rest.substring(at + 2));
                }
            }
        }
        return List.copyOf(found);
    }

    /** Whether all that is included stays the same from kernel to kernel. */
    boolean includesStableOnly() {
        return INCLUDE.matcher(blankedComments())
                .results()
                .allMatch(r -> STABLE_INCLUDE.matcher(r.group(1)).matches());
    }

    /** An include's name may be in quotes, so only what is blank because of a comment must stay blank: a line that begins blanked. */
    private String blankedComments() {
        String[] lines = source.split("\n", -1);
        String[] plain = blanked.split("\n", -1);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            out.append(plain[i].stripLeading().startsWith("#") ? lines[i] : "").append('\n');
        }
        return out.toString();
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CText;
import io.github.bcc4j.compile.child.CText.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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
    /** What bcc's macros for registers need and do not include. */
    private static final String REGISTERS = "#include <uapi/linux/ptrace.h>\n";

    private static final String ATTRIBUTES = "(?:\\s*__attribute__\\s*\\(\\([^{};]*?\\)\\)|\\s*__packed)*";
    private static final Pattern RECORD =
            Pattern.compile("\\b(typedef\\s+)?(struct|union)" + ATTRIBUTES + "\\s*(\\w*)\\s*\\{");
    private static final Pattern TYPEDEF_NAME = Pattern.compile("\\G\\}" + ATTRIBUTES + "\\s*(\\w+)");
    private static final Pattern TRACEPOINT =
            Pattern.compile("\\bTRACEPOINT_PROBE\\s*\\(\\s*(\\w+)\\s*,\\s*(\\w+)\\s*\\)|\\btracepoint__(\\w+)");
    private static final Pattern INCLUDE = Pattern.compile("\\s*#\\s*include(?:_next)?\\s+(.*)");

    private final String source;
    private final CText text;

    SourceText(String source, String name) {
        this.source = source;
        this.text = new CText(source, name);
    }

    /** The text to compile, with a carrier of some of its types, or without a carrier. */
    String prepared(Optional<? extends Collection<String>> carried) {
        StringBuilder out = new StringBuilder(registers()).append(directive(text.position(0)));
        int start = 0;
        for (int i = 0; i < text.size(); i++) {
            String line = text.line(i);
            String code = text.codeLine(i);
            boolean edge = false;
            int written = 0;
            for (int c = 0; c < code.length(); c++) {
                int before = text.braces(start + c);
                int after = text.braces(start + c + 1);
                edge |= (before == 0) != (after == 0);
                if (before == 0
                        && after == 1
                        && text.parentheses(start + c) == 0
                        && !code.substring(c + 1).isBlank()) {
                    // A body on the line of its head: on a line of its own, at the same columns.
                    out.append(line, written, c + 1)
                            .append('\n')
                            .append(directive(text.position(i)))
                            .repeat(' ', c + 1);
                    written = c + 1;
                }
            }
            out.append(line, written, line.length()).append('\n');
            start += code.length() + 1;
            if (edge && text.parentheses(start - 1) == 0 && !text.isInside(i + 1) && !line.endsWith("\\")) {
                out.append(directive(text.position(i + 1)));
            }
        }
        if (source.endsWith("\\")) {
            out.append('\n'); // nothing of ours must carry on that line
        }
        return out.append(carried.map(TypeCarrier::text).orElse("")).toString();
    }

    /** The text to compile where positions are to be those of the text that libbcc makes of it. */
    String unnumbered() {
        return registers() + source + "\n";
    }

    private String registers() {
        return text.code().contains("PT_REGS_") || text.code().contains("struct pt_regs") ? REGISTERS : "";
    }

    static String directive(Position p) {
        return "#line " + p.line() + " \"" + p.file() + "\"\n";
    }

    /** The structs and unions that the text defines at file scope, as C spells them. */
    Set<String> types() {
        Set<String> names = new LinkedHashSet<>();
        Matcher m = RECORD.matcher(text.code());
        while (m.find()) {
            if (text.braces(m.start()) != 0 || text.braces(m.end()) != 1) {
                continue; // in another, or in a macro
            }
            if (!m.group(3).isEmpty()) {
                names.add(m.group(2) + " " + m.group(3));
            }
            int end = m.end();
            while (end < text.code().length() && text.braces(end + 1) > 0) {
                end++;
            }
            Matcher name = TYPEDEF_NAME.matcher(text.code());
            if (m.group(1) != null && name.find(end)) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    /** The tracepoints whose argument structs libbcc will have to make, {@code category/name}. */
    Set<String> tracepoints() {
        return tracepoints(text.code());
    }

    /** The tracepoints that a text names by TRACEPOINT_PROBE or by their argument structs. */
    static Set<String> tracepoints(String text) {
        Set<String> found = new LinkedHashSet<>();
        Matcher m = TRACEPOINT.matcher(text);
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
        return found;
    }

    /** Whether it is the same program with the headers of any kernel. */
    boolean fitsAnyKernel() {
        List<String> includes = new ArrayList<>();
        for (int i = 0; i < text.size(); i++) {
            // An include's name may be in quotes, which the code has not got.
            Matcher m = INCLUDE.matcher(text.isDirective(i) ? text.line(i) : "");
            if (m.matches()) {
                includes.add(m.group(1));
            }
        }
        return StableHeaders.suffice(includes, text.code());
    }
}

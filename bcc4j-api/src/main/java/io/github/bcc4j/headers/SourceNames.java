package io.github.bcc4j.headers;

import io.github.bcc4j.compile.child.CText;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a C text names, and what of it is its own. It is looked at without its includes, and on all sides of its conditions: to name too
 * much costs little.
 */
final class SourceNames {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");
    private static final Pattern TAG = Pattern.compile("\\b(?:struct|union|enum)\\s+(\\w+)");
    private static final Pattern MEMBER = Pattern.compile("(?:->|\\.)\\s*([A-Za-z_]\\w*)");
    private static final Pattern INCLUDE_LINE = Pattern.compile("(?m)^[ \\t]*#[ \\t]*include.*$");
    private static final Pattern OWN_TAG = Pattern.compile(
            "\\b(?:struct|union|enum)(?:\\s*__attribute__\\s*\\(\\([^{};]*?\\)\\)|\\s*__packed)*\\s+(\\w+)\\s*\\{");
    private static final Pattern MACRO = Pattern.compile("(?m)^[ \\t]*#[ \\t]*define[ \\t]+(\\w+)");
    private static final Pattern UNDEFINED = Pattern.compile("(?m)^[ \\t]*#[ \\t]*undef[ \\t]+(\\w+)");
    private static final Pattern OWN_MEMBER =
            Pattern.compile("\\b(\\w+)\\s*(?:\\[[^\\]]*\\]\\s*)*(?::\\s*\\w+\\s*)?[;,]");
    private static final Pattern FUNCTION = Pattern.compile("[\\w*)]\\s*\\b(\\w+)\\s*\\((?!\\s*\\*)");
    /** Where a macro that makes a map has its name: first, or behind a text and two types, or behind a text. Texts are blank here. */
    private static final List<Pattern> MAPS = List.of(
            Pattern.compile("\\bBPF_\\w+\\s*\\(\\s*(\\w+)"),
            Pattern.compile("\\bBPF_\\w*TABLE\\w*\\s*\\(\\s*,[^,]*,[^,]*,\\s*(\\w+)"),
            Pattern.compile("\\bBPF_QUEUESTACK\\w*\\s*\\(\\s*,\\s*(\\w+)"));

    private static final Pattern TYPEDEF = Pattern.compile("\\btypedef\\b");
    private static final Pattern POINTER = Pattern.compile("\\(\\s*\\*+\\s*(\\w+)\\s*\\)");
    private static final Pattern DEFINED =
            Pattern.compile("(\\w+)\\s*\\)?\\s*(?:\\[[^\\]]*\\]|\\([^;]*\\)|__attribute__[^;]*)*\\s*$");
    private static final Pattern ENUM_BODY = Pattern.compile("\\benum\\b[^{};()]*\\{([^}]*)\\}");
    private static final Pattern ENUMERATOR = Pattern.compile("(?:^|,)\\s*(\\w+)");
    private static final Pattern INCLUDE = Pattern.compile("\\s*#\\s*include(?:_next)?\\s*[<\"]([^>\"]+)[>\"].*");
    private static final Pattern DEFINE_FLAG = Pattern.compile("-D\\s*(\\w+)(?:=(.*))?", Pattern.DOTALL);

    private final Set<String> words = new HashSet<>();
    private final Set<String> tags = new TreeSet<>();
    private final Set<String> members = new HashSet<>();
    private final Set<String> ownTags = new HashSet<>();
    private final Set<String> ownNames = new HashSet<>();
    private final Set<String> ownMacros = new HashSet<>();
    private final Set<String> ownMembers = new HashSet<>();
    private final Set<String> flagMacros = new TreeSet<>();
    private final Set<String> includes = new TreeSet<>();

    /** Adds a text's names. */
    void addText(String text) {
        CText c = new CText(text, "/names");
        String code = c.code();
        addUsed(INCLUDE_LINE.matcher(code).replaceAll(""));
        find(OWN_TAG, code, ownTags);
        Matcher structs = OWN_TAG.matcher(code);
        while (structs.find()) {
            find(OWN_MEMBER, code.substring(structs.end(), end(c, structs.end())), ownMembers);
        }
        find(MACRO, code, ownMacros);
        Set<String> taken = new HashSet<>();
        find(UNDEFINED, code, taken); // a macro that is taken back was another before
        ownMacros.removeAll(taken);
        Matcher functions = FUNCTION.matcher(code);
        while (functions.find()) {
            if (atFileScope(c, functions.start(1))) {
                ownNames.add(functions.group(1));
            }
        }
        for (Pattern map : MAPS) {
            Matcher maps = map.matcher(code);
            while (maps.find()) {
                if (atFileScope(c, maps.start())) {
                    ownNames.add(maps.group(1));
                }
            }
        }
        Matcher typedefs = TYPEDEF.matcher(code);
        while (typedefs.find()) {
            typedefName(c, typedefs.end()).ifPresent(ownNames::add);
        }
        Matcher bodies = ENUM_BODY.matcher(code);
        while (bodies.find()) {
            find(ENUMERATOR, bodies.group(1), ownNames);
        }
        for (int i = 0; i < c.size(); i++) {
            Matcher include = INCLUDE.matcher(c.isDirective(i) ? c.line(i) : "");
            if (include.matches()) {
                includes.add(include.group(1));
            }
        }
    }

    private static int end(CText c, int from) {
        int end = from;
        while (end < c.code().length() && c.braces(end) >= c.braces(from)) {
            end++;
        }
        return end;
    }

    private static boolean atFileScope(CText c, int offset) {
        return c.braces(offset) == 0 && c.parentheses(offset) == 0;
    }

    private static Optional<String> typedefName(CText c, int from) {
        String code = c.code();
        int depth = c.braces(from);
        for (int i = from; i < code.length(); i++) {
            if (code.charAt(i) == ';' && c.braces(i) == depth) {
                String rest = code.substring(Math.max(from, code.lastIndexOf('}', i)), i);
                Matcher pointer = POINTER.matcher(rest);
                if (pointer.find()) {
                    return Optional.of(pointer.group(1));
                }
                Matcher m = DEFINED.matcher(rest);
                return m.find() ? Optional.of(m.group(1)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Adds the names in compiler flags. */
    void addFlags(List<String> flags) {
        for (String flag : flags) {
            Matcher m = DEFINE_FLAG.matcher(flag);
            if (m.matches()) {
                ownMacros.add(m.group(1));
                flagMacros.add(m.group(1));
                addUsed(m.group(2) == null ? "" : m.group(2));
            }
        }
    }

    /** Adds the types in a tracepoint's format file. */
    void addFormat(String format) {
        for (String line : format.split("\n")) {
            int end = line.indexOf(';');
            if (line.strip().startsWith("field:") && end > 0) {
                addUsed(line.substring(0, end));
            }
        }
    }

    /** Adds names that were found to be missed, and are not the program's own whatever it looked like. */
    void addMissed(Set<String> names) {
        words.addAll(names);
        tags.addAll(names);
        ownTags.removeAll(names);
        ownNames.removeAll(names);
        ownMacros.removeAll(names);
        ownMembers.removeAll(names);
    }

    /** Adds the names in a piece of C that is not the program's. */
    void addUsed(String text) {
        find(WORD, text, words);
        find(TAG, text, tags);
        find(MEMBER, text, members);
    }

    /** The identifiers in a piece of C. */
    static Set<String> wordsOf(String text) {
        Set<String> found = new LinkedHashSet<>();
        find(WORD, text, found);
        return found;
    }

    private static void find(Pattern pattern, String text, Set<String> into) {
        Matcher m = pattern.matcher(text);
        while (m.find()) {
            into.add(m.group(m.groupCount()));
        }
    }

    /** All identifiers. */
    Set<String> words() {
        return words;
    }

    /** Identifiers after struct, union and enum. */
    Set<String> tags() {
        return tags;
    }

    /** Identifiers that members are reached by. */
    Set<String> members() {
        return members;
    }

    /** Tags that are defined here. */
    Set<String> ownTags() {
        return ownTags;
    }

    /** Functions, maps, typedefs and constants that are defined here. */
    Set<String> ownNames() {
        return ownNames;
    }

    /** Macros that are defined here. */
    Set<String> ownMacros() {
        return ownMacros;
    }

    /** Members of structs that are defined here. */
    Set<String> ownMembers() {
        return ownMembers;
    }

    /** Macros that compiler flags define: before any header is read. */
    Set<String> flagMacros() {
        return flagMacros;
    }

    /** What is included, in angle brackets or quotes. */
    Set<String> includes() {
        return includes;
    }
}

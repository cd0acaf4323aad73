package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tables of the type "extern", which other modules make. libbcc looks for them among those that the same process has compiled, which a
 * compile of its own process never has. So here the text gets the type that the table really has, and the module's map is marked: who
 * loads it takes the other module's map in its place.
 */
final class BorrowedTables {
    private static final Pattern EXTERN = Pattern.compile(
            "\\bBPF_(?:F_)?TABLE\\s*\\(\\s*(\"extern\")\\s*,[^,()]*,[^,()]*,\\s*(\\w+)|\\bBPF_QUEUESTACK\\s*\\(\\s*(\"extern\")\\s*,\\s*(\\w+)");

    /** What bcc calls the map types, by number. */
    private static final List<String> NAMES = List.of(
            "",
            "hash",
            "array",
            "prog",
            "perf_output",
            "percpu_hash",
            "percpu_array",
            "stacktrace",
            "cgroup_array",
            "lru_hash",
            "lru_percpu_hash",
            "lpm_trie",
            "array_of_maps",
            "hash_of_maps",
            "devmap",
            "sockmap",
            "cpumap",
            "xskmap",
            "sockhash",
            "cgroup_storage",
            "",
            "percpu_cgroup_storage",
            "queue",
            "stack");

    private final Map<String, Integer> types;
    private final Set<String> found = new LinkedHashSet<>();

    /** The types of tables that may be borrowed, by name. */
    BorrowedTables(Map<String, Integer> types) {
        this.types = types;
    }

    /** The text, with true types for those tables that are known; libbcc refuses the others at their lines. */
    String resolved(String source, String fileName) {
        if (types.isEmpty()) {
            return source;
        }
        String code = new CText(source, fileName).code();
        return EXTERN.matcher(source).replaceAll(m -> Matcher.quoteReplacement(resolved(m, code)));
    }

    private String resolved(MatchResult m, String code) {
        int group = m.group(1) != null ? 1 : 3;
        String name = m.group(group + 1);
        int type = types.getOrDefault(name, 0);
        if (code.charAt(m.start()) == ' '
                || type >= NAMES.size()
                || NAMES.get(type).isEmpty()) {
            return m.group(); // in a comment or a string, or of no known type
        }
        found.add(name);
        int at = m.start(group) - m.start();
        return m.group().substring(0, at)
                + '"'
                + NAMES.get(type)
                + '"'
                + m.group().substring(at + m.group(group).length());
    }

    /** The module with those maps marked that it does not make itself. */
    List<MapSpec> marked(List<MapSpec> maps) {
        return maps.stream()
                .map(m -> found.contains(m.name()) ? m.borrowed() : m)
                .toList();
    }
}

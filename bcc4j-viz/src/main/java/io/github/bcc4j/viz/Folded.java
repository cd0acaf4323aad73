package io.github.bcc4j.viz;

import io.github.bcc4j.viz.StackProfile.Function;
import io.github.bcc4j.viz.StackProfile.Kind;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Lines of frames and a value. */
final class Folded {
    private static final String KERNEL = "_[k]";
    private static final String JIT = "_[j]";

    private Folded() {}

    static String text(StackProfile profile) {
        Map<String, Long> lines = new TreeMap<>();
        StackTree tree = profile.tree();
        for (int node = 0; node < tree.size(); node++) {
            if (tree.value(0, node) > 0) {
                String line = profile.stack(node).stream().map(Folded::text).collect(Collectors.joining(";"));
                lines.merge(line, tree.value(0, node), Long::sum);
            }
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(
                (line, value) -> text.append(line).append(' ').append(value).append('\n'));
        return text.toString();
    }

    /** Names come from files and processes that anybody makes: none may end a line or a frame. */
    private static String text(Function function) {
        String name = function.name().replace(';', ':').replaceAll("\\p{Cntrl}", "?");
        return switch (function.kind()) {
            case KERNEL -> name + KERNEL;
            case JIT -> name + JIT;
            default -> name;
        };
    }

    static void parse(StackProfile profile, String line, int number) {
        int space = line.lastIndexOf(' ');
        long value;
        try {
            value = Long.parseLong(line.substring(space + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "line " + number + " does not end in a space and a whole number: " + line, e);
        }
        int node = 0;
        for (String name : space < 0 ? new String[0] : line.substring(0, space).split(";")) {
            node = profile.call(node, function(name));
        }
        profile.addTo(node, value);
    }

    private static Function function(String name) {
        if (name.endsWith(KERNEL)) {
            return new Function(Kind.KERNEL, name.substring(0, name.length() - KERNEL.length()), "");
        }
        return name.endsWith(JIT)
                ? new Function(Kind.JIT, name.substring(0, name.length() - JIT.length()), "")
                : new Function(Kind.USER, name, "");
    }
}

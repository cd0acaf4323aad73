package io.github.bcc4j.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One line of a guest's test report: fields between tabs, with tabs, line ends and backslashes escaped.
 *
 * @param kind what happened
 * @param id JUnit's unique id of the test or container
 * @param text for a test or container its parent's id, its display name and its name in reports; for an end the reason or stack
 *     trace, and the exception itself if it can be written; for outputs what was printed; for an entry its keys and values
 * @param millis for an end, how long it took
 */
record GuestEvent(Kind kind, String id, List<String> text, long millis) {

    enum Kind {
        /** A container is known: its parent (empty for an engine), its name. */
        CONTAINER,
        /** A test is known: its parent, its name. */
        TEST,
        STARTED,
        PASSED,
        FAILED,
        ABORTED,
        SKIPPED,
        /** Printed by tests. */
        OUT,
        ERR,
        /** Published for a test by its TestReporter. */
        ENTRY,
        /** All has run. */
        END
    }

    GuestEvent {
        text = List.copyOf(text);
    }

    String toLine() {
        List<String> fields = new ArrayList<>(List.of(kind.name(), id, Long.toString(millis)));
        fields.addAll(text);
        return fields.stream().map(GuestEvent::escape).collect(Collectors.joining("\t")) + "\n";
    }

    /** Reads a line back; empty for one that a dying guest did not finish. */
    static Optional<GuestEvent> parse(String line) {
        if (!line.endsWith("\n")) {
            return Optional.empty();
        }
        List<String> fields = new ArrayList<>();
        for (String field : line.substring(0, line.length() - 1).split("\t", -1)) {
            fields.add(unescape(field));
        }
        return Optional.of(new GuestEvent(
                Kind.valueOf(fields.get(0)),
                fields.get(1),
                fields.subList(3, fields.size()),
                Long.parseLong(fields.get(2))));
    }

    private static String escape(String field) {
        return field.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\') {
                c = field.charAt(++i);
                text.append(c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}

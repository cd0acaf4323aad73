package io.github.bcc4j.tests.tools;

import io.github.bcc4j.tests.Conforms;
import io.github.bcc4j.tools.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which tool a test is of: the one whose name its own begins with. */
final class ToolsTested {
    /** What are no tools of bcc's kind. */
    private static final List<String> OTHERS =
            List.of("demo", "hello", "run", "doctor", "compile", "target", "cache", "completion", "bitehist");

    private static final List<String> TOOLS = tools();

    private ToolsTested() {}

    static List<String> tools() {
        return Main.commands().stream()
                .filter(name -> !OTHERS.contains(name))
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    static Optional<String> tool(String test) {
        return TOOLS.stream().filter(test::startsWith).findFirst();
    }

    /** What bcc's tools did when they were measured. */
    static Map<String, List<String>> theirs() {
        try (var in = Conforms.class.getResourceAsStream("bcc-tools.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.startsWith("#"))
                    .map(l -> l.split("\t"))
                    .collect(Collectors.toMap(f -> f[0], f -> List.of(f[1], f[2])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.github.bcc4j.tests.tools;

import io.github.bcc4j.kernel.KernelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Writes the table of docs/tools.md from the reports of the tools' tests, which must have run; itself run by its name alone, which keeps the
 * build from taking it for a test.
 */
class ToolsDocument {
    static final Path FILE = Path.of("..", "docs", "tools.md");
    static final String BEGIN = "<!-- table: written by ToolsDocument -->\n";
    static final String END = "<!-- end of table -->\n";
    private static final List<String> GUESTS = List.of("6.1", "6.12");

    /** What the tests of one tool have shown on one kernel. */
    private record Shown(int passed, int failed, String refusal) {
        private static final Shown NOTHING = new Shown(0, 0, "");

        Shown with(Element test) {
            boolean bad = Stream.of("failure", "error", "skipped")
                    .anyMatch(tag -> test.getElementsByTagName(tag).getLength() > 0);
            String said = text(test)
                    .lines()
                    .filter(l -> l.startsWith(ToolRun.REFUSED) && l.contains(" has no "))
                    .findFirst()
                    .orElse(refusal);
            return new Shown(passed + (bad ? 0 : 1), failed + (bad ? 1 : 0), said);
        }

        private static String text(Element test) {
            NodeList out = test.getElementsByTagName("system-out");
            return out.getLength() == 0 ? "" : out.item(0).getTextContent();
        }

        @Override
        public String toString() {
            return failed > 0
                    ? "**" + failed + " of " + (passed + failed) + " tests fail**"
                    : passed == 0 ? "" : refusal.isEmpty() ? "right" : "says what it lacks";
        }
    }

    @Test
    void write() throws Exception {
        Map<String, Map<String, Shown>> tools = new TreeMap<>();
        for (Path report : reports()) {
            NodeList cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                String name = test.getAttribute("name");
                String kernel = GUESTS.stream()
                        .filter(g -> name.endsWith("[" + g + "]"))
                        .findFirst()
                        .orElse("here");
                ToolsTested.tool(name)
                        .ifPresent(tool -> tools.computeIfAbsent(tool, t -> new LinkedHashMap<>())
                                .merge(kernel, Shown.NOTHING.with(test), (a, b) -> a.with(test)));
            }
        }
        String text = Files.readString(FILE);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        Files.writeString(FILE, text.substring(0, begin) + table(tools) + text.substring(text.indexOf(END)));
    }

    private static List<Path> reports() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target", "surefire-reports"))) {
            return files.filter(p -> p.getFileName().toString().matches("TEST-.*\\.tools\\..*\\.xml"))
                    .sorted()
                    .toList();
        }
    }

    private static String table(Map<String, Map<String, Shown>> tools) {
        KernelVersion here = KernelVersion.current();
        StringBuilder text = new StringBuilder("| tool | on 6.1 | on 6.12 | on " + here.major() + "." + here.minor()
                + " without kprobes | bcc's on 6.1 | bcc's on 6.18 without kprobes |\n|---|---|---|---|---|---|\n");
        Map<String, List<String>> theirs = ToolsTested.theirs();
        tools.forEach((tool, shown) -> {
            List<String> their = theirs.getOrDefault(tool, List.of("", ""));
            text.append("| ").append(tool);
            for (String kernel : List.of("6.1", "6.12", "here")) {
                text.append(" | ").append(shown.getOrDefault(kernel, Shown.NOTHING));
            }
            text.append(" | ")
                    .append(their.get(0))
                    .append(" | ")
                    .append(their.get(1))
                    .append(" |\n");
        });
        return text.toString();
    }
}

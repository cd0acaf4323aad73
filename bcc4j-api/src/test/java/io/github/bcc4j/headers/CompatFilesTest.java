package io.github.bcc4j.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The form of the compat files: what {@link Compat} takes for granted. */
class CompatFilesTest {
    private static final Pattern CONDITION =
            Pattern.compile("!?(?:type|constant) \\w+|!?field \\w+(?:\\.\\w+)+|!?config CONFIG_\\w+"
                    + "|arch (?:x86|arm64)|version (?:>=|<) \\d+\\.\\d+");
    private static final String NUMBER = "(?:0x[0-9a-f]+|\\d+)(?:U|L|UL|LL|ULL)?";
    private static final Pattern LITERAL =
            Pattern.compile(NUMBER + "|\\(-" + NUMBER + "(?: - 1)?\\)|\\(~" + NUMBER + "\\)");
    private static final Pattern MEMBER = Pattern.compile("\\w+(?:\\.\\w+)+(?:\\[\\d+\\])?");
    private static final Pattern CONSTANT = Pattern.compile("#define (\\w+) (.*[^\\\\])");
    private static final Pattern DEFINES = Pattern.compile("(?m)^#define \\w+|^static __always_inline |^typedef ");

    /** A paragraph without its comments. */
    private record Paragraph(Path file, List<String> conditions, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }

        boolean isConstants() {
            return lines.stream().allMatch(line -> CONSTANT.matcher(line).matches());
        }
    }

    private static List<Path> files(String suffix) throws IOException, URISyntaxException {
        Path folder = Path.of(Compat.class.getResource("compat").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private static List<Paragraph> paragraphs() throws IOException, URISyntaxException {
        List<Paragraph> all = new ArrayList<>();
        for (Path file : files(".h")) {
            for (String paragraph : Files.readString(file).split("\n\\s*\n")) {
                List<String> conditions = paragraph
                        .lines()
                        .filter(line -> line.startsWith("//?"))
                        .flatMap(line -> Stream.of(line.substring(3).split(",")))
                        .map(String::strip)
                        .toList();
                List<String> lines =
                        paragraph.lines().filter(line -> !line.startsWith("//")).toList();
                if (!conditions.isEmpty() || !lines.isEmpty()) {
                    all.add(new Paragraph(file, conditions, lines));
                }
            }
        }
        assertThat(all.size()).isGreaterThan(700);
        return all;
    }

    @Test
    void everyParagraphDefinesSomethingOnConditionsThatCanBeAnswered() throws Exception {
        for (Paragraph p : paragraphs()) {
            assertThat(DEFINES.matcher(p.text()).find()).as(p.toString()).isTrue();
            assertThat(p.conditions())
                    .as(p.toString())
                    .allMatch(c -> CONDITION.matcher(c).matches());
        }
    }

    @Test
    void aFamilyIsOfNumbersOrOfMembers() throws Exception {
        for (Paragraph p : paragraphs()) {
            if (p.isConstants() && p.lines().size() > 1) {
                assertThat(p.lines()).as(p.toString()).allMatch(line -> {
                    String value = CONSTANT.matcher(line).replaceFirst("$2");
                    return LITERAL.matcher(value).matches()
                            || MEMBER.matcher(value).matches();
                });
            }
        }
    }

    @Test
    void noEntryHidesAnother() throws Exception {
        Map<String, List<Set<String>>> earlier = new HashMap<>();
        Map<String, String> hidden = new TreeMap<>();
        for (Paragraph p : paragraphs()) {
            Set<String> conditions = Set.copyOf(p.conditions());
            for (String line : p.lines()) {
                String name = defined(line);
                List<Set<String>> before = earlier.computeIfAbsent(name, n -> new ArrayList<>());
                if (!name.isEmpty() && before.stream().anyMatch(conditions::containsAll)) {
                    hidden.put(name, p.file().getFileName() + " " + p.conditions());
                }
                before.add(conditions);
            }
        }
        assertThat(hidden).isEmpty();
    }

    private static String defined(String line) {
        if (line.startsWith("#define ")) {
            return line.substring(8).replaceFirst("\\W.*", "");
        }
        return line.startsWith("static ") ? line.replaceFirst(".*?(\\w+)\\(.*", "$1") : "";
    }

    @Test
    void compatFindsEachNameInItsFiles() throws Exception {
        Set<String> names = new HashSet<>();
        paragraphs().forEach(p -> p.lines().forEach(line -> names.add(defined(line))));
        names.remove("");
        assertThat(names.size()).isGreaterThan(7000);
        assertThat(Compat.standard().names()).containsAll(names);
    }

    @Test
    void helpersOfOurOwnAreThere() throws Exception {
        Set<String> used = paragraphs().stream()
                .flatMap(p -> SourceNames.wordsOf(p.text()).stream())
                .filter(word -> word.startsWith("bcc4j_") && !word.equals("bcc4j_placeholder_"))
                .collect(Collectors.toSet());
        assertThat(used).contains("bcc4j_kernel_read");
        assertThat(Compat.standard().names()).containsAll(used);
    }

    @Test
    void bracesMatch() throws Exception {
        for (Paragraph p : paragraphs()) {
            for (String pair : List.of("()", "{}", "[]")) {
                long open = p.text().chars().filter(c -> c == pair.charAt(0)).count();
                long close = p.text().chars().filter(c -> c == pair.charAt(1)).count();
                assertThat(open).as(p.toString()).isEqualTo(close);
            }
        }
    }

    @Test
    void theListsHoldEachNameOnce() throws Exception {
        for (Path list : files(".txt")) {
            List<String> names = Files.readString(list).lines().toList();
            assertThat(names).isNotEmpty().doesNotHaveDuplicates().allMatch(name -> name.matches("\\w+"));
        }
    }
}

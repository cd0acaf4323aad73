package io.github.bcc4j.tests;

import io.github.bcc4j.kernel.KernelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * docs/kernel-support.md: tables of features, with a column for each kernel.
 *
 * @param columns kernels, and for each what {@link KernelSupport#answers} says
 */
record SupportDocument(Map<String, Map<String, String>> columns) {
    /** Tests run in their module's folder, in guests, too. */
    static final Path FILE = Path.of("../docs/kernel-support.md");

    static final String COMMAND = "mvn -B -ntp verify -pl bcc4j-tests -am -Dtest=KernelSupportDocument"
            + " -Dsurefire.failIfNoSpecifiedTests=false";

    /** How a column of the machine that wrote the document is told from those of virtual machines. */
    static final String HOST = " (host)";

    static SupportDocument read() throws IOException {
        return parse(Files.readAllLines(FILE));
    }

    static SupportDocument parse(List<String> lines) {
        Map<String, Map<String, String>> columns = new LinkedHashMap<>();
        List<String> kernels = List.of();
        String group = "";
        for (String line : lines) {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            if (line.startsWith("## ")) {
                group = line.substring(3);
            } else if (line.startsWith("| |")) {
                kernels = cells.subList(2, cells.size());
            } else if (line.startsWith("| ")) {
                for (int i = 0; i < kernels.size(); i++) {
                    columns.computeIfAbsent(kernels.get(i), name -> new LinkedHashMap<>())
                            .put(group + "\t" + cells.get(1), cells.get(i + 2));
                }
            }
        }
        return new SupportDocument(columns);
    }

    /** The column of the running kernel, whose name begins its version: of a guest's, or of a host's. */
    Optional<Map<String, String>> column(KernelVersion kernel, boolean guest) {
        String version = kernel.major() + "." + kernel.minor() + "." + kernel.patch() + ".";
        return columns.keySet().stream()
                .filter(name -> name.endsWith(HOST) != guest)
                .filter(name -> version.startsWith(name.replace(HOST, "") + "."))
                .findFirst()
                .map(columns::get);
    }

    /** Where a column says something else than a kernel, in words. */
    static List<String> differences(Map<String, String> column, Map<String, String> answers) {
        Set<String> features = new LinkedHashSet<>(answers.keySet());
        features.addAll(column.keySet());
        return features.stream()
                .filter(feature -> !Objects.equals(column.get(feature), answers.get(feature)))
                .map(feature ->
                        feature.replace("\t", ", ") + ": the document says " + column.getOrDefault(feature, "nothing")
                                + ", the kernel " + answers.getOrDefault(feature, "nothing"))
                .toList();
    }

    String text(String library, Map<String, String> releases) {
        List<String> lines = new ArrayList<>();
        lines.add("# Kernel support");
        lines.add("");
        lines.add(
                "Every answer was got by trying, as root: `yes` it works, `no` the kernel lacks it, `refused` the kernel may have it and did"
                        + " not let us.");
        lines.add("C texts were compiled by " + library + " with types from each kernel's BTF. The columns are");
        lines.add("");
        releases.forEach((name, release) -> lines.add("- " + name + ": " + release));
        lines.add("");
        lines.add("`./check` compares this document with the kernels that it runs on. This command writes it anew:");
        lines.add("");
        lines.add("```console");
        lines.add(COMMAND);
        lines.add("```");
        Set<String> features = new LinkedHashSet<>();
        columns.values().forEach(column -> features.addAll(column.keySet()));
        String group = "";
        for (String feature : features) {
            String[] parts = feature.split("\t");
            if (!parts[0].equals(group)) {
                group = parts[0];
                lines.addAll(List.of("", "## " + group, ""));
                lines.add("| | " + String.join(" | ", columns.keySet()) + " |");
                lines.add("|---|" + "---|".repeat(columns.size()));
            }
            List<String> answers =
                    columns.values().stream().map(column -> column.get(feature)).toList();
            lines.add("| " + parts[1] + " | " + String.join(" | ", answers) + " |");
        }
        lines.add("");
        return String.join("\n", lines);
    }
}

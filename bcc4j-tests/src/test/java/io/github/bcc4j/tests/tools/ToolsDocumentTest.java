package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/tools.md has all tools, and each is tested. */
class ToolsDocumentTest {
    @Test
    void eachToolHasATestThatIsNamedAfterIt() {
        Set<String> tested = new ClassFileImporter()
                .importPackagesOf(ToolRun.class).stream()
                        .flatMap(c -> c.getMethods().stream())
                        .filter(m -> m.isAnnotatedWith(Test.class))
                        .map(JavaMethod::getName)
                        .flatMap(name -> ToolsTested.tool(name).stream())
                        .collect(Collectors.toSet());
        assertThat(tested).containsExactlyInAnyOrderElementsOf(ToolsTested.tools());
    }

    @Test
    void theDocumentHasARowForEachToolThatWorksWhereItCan() throws Exception {
        List<String> rows = Files.readAllLines(ToolsDocument.FILE).stream()
                .dropWhile(l -> !l.startsWith("| tool |"))
                .skip(2)
                .takeWhile(l -> l.startsWith("| "))
                .toList();
        assertThat(rows)
                .extracting(row -> row.split(" ")[1])
                .containsExactlyInAnyOrderElementsOf(ToolsTested.tools())
                .isSorted();
        assertThat(rows).noneMatch(row -> row.contains("tests fail"));
    }
}

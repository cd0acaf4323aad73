package io.github.bcc4j.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.tools.cli.Tool;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What holds for every command. */
class CatalogueTest {
    static Stream<String> names() {
        return Catalogue.names().stream();
    }

    private static List<String> run(int code, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(Main.execute(new PrintWriter(out), new PrintWriter(err, true), Optional.empty(), args))
                .as("%s%s", out, err)
                .isEqualTo(code);
        return Stream.concat(out.toString().lines(), err.toString().lines()).toList();
    }

    @Test
    void eachCommandThatThereIsIsListed() throws Exception {
        Set<String> made = new TreeSet<>();
        URL folder = Catalogue.class.getResource("Catalogue.class");
        try (Stream<Path> classes = Files.list(Path.of(folder.toURI()).getParent())) {
            for (Path file :
                    classes.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Command command = Class.forName(Catalogue.class.getPackageName() + "." + name)
                        .getAnnotation(Command.class);
                if (command != null && !command.hidden() && !command.name().equals("bcc4j")) {
                    made.add(command.name());
                }
            }
        }
        assertThat(made).containsExactlyInAnyOrderElementsOf(Catalogue.names());
    }

    @Test
    void noNameIsThereTwice() {
        assertThat(Catalogue.names()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aCommandHasTheNameItIsListedUnder(String name) {
        CommandLine line = new CommandLine(Catalogue.command(name));
        assertThat(line.getCommandName()).isEqualTo(name);
        assertThat(line.getCommandSpec().usageMessage().description()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("names")
    void itsHelpIsThereWithoutRightsAndToolsHaveExamples(String name) {
        List<String> help = run(0, name, "--help");
        assertThat(help.getFirst()).startsWith("Usage: bcc4j " + name);
        if (Catalogue.command(name) instanceof Tool) {
            assertThat(help).anyMatch(l -> l.contains("--json")).anyMatch(l -> l.contains("--duration"));
            assertThat(help).as("an example").anyMatch(l -> l.startsWith("  " + name));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aMistakeOnTheCommandLineEndsWithTwo(String name) {
        if (!name.equals("run")) { // whose arguments are another program's
            assertThat(run(2, name, "--no-such-option"))
                    .anyMatch(l -> l.matches("Unknown option: '--no-such-option'|Missing required .*"));
        }
    }

    @Test
    void oneFormatAtATime() {
        assertThat(run(2, "opensnoop", "--json", "--csv")).anyMatch(l -> l.contains("mutually exclusive"));
    }

    @Test
    void aNameThatIsNearlyRightIsCorrected() {
        assertThat(run(2, "opensnop")).anyMatch(l -> l.contains("opensnoop"));
    }

    @Test
    void theCompletionKnowsToolsAndOptions() {
        assertThat(run(0, "completion"))
                .anyMatch(l -> l.contains("opensnoop"))
                .anyMatch(l -> l.contains("--failed"))
                .anyMatch(l -> l.startsWith("complete -F"));
    }
}

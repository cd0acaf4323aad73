package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.junit.OnKernels;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tools for JVMs, beside one that does a known number of things. */
@OnKernels({"here", "6.1", "6.12"})
@Tag("vm")
public class JavaToolsTest {
    private static Process jvm;

    @BeforeAll
    static void start() throws IOException {
        jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xint",
                        "-XX:+UseSerialGC",
                        "-XX:+DTraceMethodProbes",
                        "-XX:+DTraceAllocProbes",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JavaWorkload.class.getName())
                .start();
        round(); // classes are loaded
    }

    @AfterAll
    static void end() {
        jvm.destroy();
    }

    private static void round() throws IOException {
        jvm.getOutputStream().write('x');
        jvm.getOutputStream().flush();
        assertThat(jvm.inputReader().readLine()).isNotEmpty();
    }

    private static ToolRun run(String... args) {
        return ToolRun.beside(JavaToolsTest::round, args).succeeded();
    }

    private static String pid() {
        return String.valueOf(jvm.pid());
    }

    @Test
    void javagcSeesTheCollectionThatIsAskedFor() {
        ToolRun run = run("javagc", pid(), "--json");
        assertThat(run.rows("description", "full collection"))
                .singleElement()
                .satisfies(r -> assertThat(r.path("time_us").asDouble()).isPositive());
    }

    @Test
    void javathreadsSeesAThreadByItsName() {
        ToolRun run = run("javathreads", pid(), "--json");
        assertThat(run.rows("description", JavaWorkload.THREAD))
                .extracting(r -> r.path("type").asText())
                .containsExactly("start", "stop");
    }

    @Test
    void javacallsCountsEachCallOfAMethod() {
        ToolRun run = run("javacalls", pid(), "--json");
        assertThat(run.rows("method", JavaWorkload.class.getName() + ".once"))
                .singleElement()
                .satisfies(r -> assertThat(r.path("calls").asLong()).isEqualTo(JavaWorkload.CALLS));
    }

    @Test
    void javaobjnewCountsEachObjectOfAClass() {
        ToolRun run = run("javaobjnew", pid(), "--json");
        assertThat(run.rows("name_type", JavaWorkload.Piece.class.getName()))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.path("allocs").asLong()).isEqualTo(JavaWorkload.OBJECTS);
                    assertThat(r.path("bytes").asLong()).isEqualTo(16L * JavaWorkload.OBJECTS);
                });
    }

    @Test
    void javacallsSaysWhatAProcessLacks() {
        assertThat(ToolRun.of("javacalls", "1").exitCode()).isEqualTo(1);
        String self = String.valueOf(ProcessHandle.current().pid());
        ToolRun run = ToolRun.beside(() -> {}, "javacalls", self);
        assertThat(run.err())
                .containsExactly(
                        "Process " + self + " was started without -XX:+DTraceMethodProbes: it tells of no calls.");
    }
}

package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.tools.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a tool is ended, it ends at once, cleanly, and with its report. */
@Tag("native")
@Timeout(60)
class ToolEndsTest {
    private static final String TITLE = "Tracing run queue latency... Hit Ctrl-C to end.";

    private Process tool;

    @AfterEach
    void nothingIsLeft() {
        if (tool != null) {
            tool.destroyForcibly();
        }
    }

    private static List<String> java(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** A tool that has said that it traces, and what it will say after that. */
    private BufferedReader tracing() throws IOException {
        tool = new ProcessBuilder(java("runqlat")).redirectErrorStream(true).start();
        BufferedReader out = tool.inputReader();
        assertThat(out.readLine()).isEqualTo(TITLE);
        return out;
    }

    private void endsWithItsReport(BufferedReader out) throws IOException, InterruptedException {
        assertThat(out.lines().toList()).anyMatch(l -> l.contains("usecs               : count     distribution"));
        assertThat(tool.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void byControlC() throws Exception {
        BufferedReader out = tracing();
        new ProcessBuilder("kill", "-INT", String.valueOf(tool.pid())).start().waitFor();
        endsWithItsReport(out);
        assertThat(tool.exitValue()).isZero();
    }

    @Test
    void bySigterm() throws Exception {
        BufferedReader out = tracing();
        new ProcessBuilder("kill", "-TERM", String.valueOf(tool.pid())).start().waitFor();
        endsWithItsReport(out);
        assertThat(tool.exitValue()).isZero();
    }

    @Test
    void byTime() throws Exception {
        long start = System.nanoTime();
        tool = new ProcessBuilder(java("runqlat", "--duration", "0.5"))
                .redirectErrorStream(true)
                .start();
        BufferedReader out = tool.inputReader();
        assertThat(out.readLine()).isEqualTo(TITLE);
        endsWithItsReport(out);
        assertThat(tool.exitValue()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    void byAReaderThatHasSeenEnough() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" | head -n 3; echo done", "sh"));
        command.addAll(java("opensnoop"));
        Process opens = new ProcessBuilder("sh", "-c", "while :; do cat /dev/null; done").start();
        try {
            tool = new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> lines = tool.inputReader().lines().toList();
            assertThat(lines.getFirst()).isEqualTo("PID    COMM               FD ERR PATH");
            assertThat(lines.subList(1, 3)).allMatch(l -> l.matches("\\d+ +\\S+ +-?\\d+ +\\d+ .*"));
            assertThat(lines.subList(3, lines.size()).stream().filter(l -> !l.startsWith("Lost ")))
                    .containsExactly("done");
        } finally {
            opens.destroy();
        }
    }

    @Test
    void aWrongDurationIsAMistake() {
        ToolRun run = ToolRun.of("runqlat", "--duration", "-1");
        assertThat(run.refusal()).isEqualTo("runqlat: a duration is of 0 seconds or more, not -1.0");
    }

    @Test
    void theCTextIsShownAndNothingTraced() {
        ToolRun run = ToolRun.of("runqlat", "--ebpf").succeeded();
        assertThat(run.out()).contains("RAW_TRACEPOINT_PROBE(sched_switch) {").doesNotContain(TITLE);
    }

    @Test
    void failedWorkloadsAreNoFailuresOfTheTool() {
        ToolRun run = ToolRun.of("--with", "exit 3", "runqlat");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).isEmpty();
    }
}

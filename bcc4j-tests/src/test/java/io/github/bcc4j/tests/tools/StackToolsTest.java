package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.tests.CPrograms;
import io.github.bcc4j.tests.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tools that show stacks, beside a C program whose functions are known: it burns CPU in one, and sleeps in another. The C library has no frame pointers,
 * so the function that calls it is not on stacks.
 */
@OnKernels({"here", "6.1", "6.12"})
@Tag("vm")
public class StackToolsTest {
    @TempDir
    static Path folder;

    private static Path program;

    @BeforeAll
    static void compile() throws Exception {
        program = CPrograms.compile(
                folder, "stacked", """
                #include <time.h>
                #include <unistd.h>
                static double now(void) {
                    struct timespec t;
                    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); // however busy the machine is
                    return t.tv_sec + t.tv_nsec / 1e9;
                }
                __attribute__((noinline)) long burn_here(double seconds) {
                    long n = 0;
                    for (double end = now() + seconds; now() < end;)
                        for (volatile int i = 0; i < 200000; i++)
                            n++;
                    return n;
                }
                __attribute__((noinline)) long burn_from(double seconds) { return burn_here(seconds) + 1; }
                __attribute__((noinline)) int sleep_here(int us) { return usleep(us) + 1; }
                __attribute__((noinline)) int sleep_from(int us) { return sleep_here(us) + 1; }
                int main(int argc, char **argv) {
                    char go, done = 'd';
                    while (read(0, &go, 1) == 1) {
                        if (go == 's')
                            sleep_from(300000);
                        else
                            burn_from(1.0);
                        if (write(1, &done, 1) != 1)
                            return 1;
                    }
                    return 0;
                }
                """, "-O1", "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-no-pie");
    }

    /** The program, alive while its functions' names are asked for. */
    private static final class Stacked implements AutoCloseable {
        private final Process process;

        Stacked() throws IOException {
            process = new ProcessBuilder(program.toString()).start();
        }

        String pid() {
            return String.valueOf(process.pid());
        }

        /** Has it burn CPU for a second, or sleep for 300 ms, and waits for that. */
        ToolRun.Action does(char what) {
            return () -> {
                process.getOutputStream().write(what);
                process.getOutputStream().flush();
                assertThat(process.getInputStream().read()).isEqualTo('d');
            };
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(n -> texts.add(n.asText()));
        return texts;
    }

    @Test
    void profileShowsWhereAProcessBurns() throws Exception {
        try (Stacked stacked = new Stacked()) {
            ToolRun run = ToolRun.beside(stacked.does('b'), "profile", "-F", "99", "-U", "-p", stacked.pid(), "--json")
                    .succeeded();
            long all = run.rows().mapToLong(r -> r.path("samples").asLong()).sum();
            long burning = run.rows()
                    .filter(r -> texts(r.path("user")).containsAll(List.of("burn_here", "burn_from", "main")))
                    .mapToLong(r -> r.path("samples").asLong())
                    .sum();
            assertThat(all).as("%s", run.out()).isBetween(20L, 400L); // a hundred, as far as timers keep up
            assertThat(burning).isGreaterThan(all / 2);
            assertThat(run.rows()).allSatisfy(r -> {
                assertThat(r.path("kernel")).isEmpty();
                assertThat(r.path("pid").asText()).isEqualTo(stacked.pid());
            });
            // Equal stacks are one row.
            assertThat(run.rows()).extracting(r -> r.path("user").toString()).doesNotHaveDuplicates();
        }
    }

    @Test
    void profileWritesLinesAndFlameGraphs() throws Exception {
        try (Stacked stacked = new Stacked()) {
            Path html = folder.resolve("cpu.html");
            ToolRun.beside(stacked.does('b'), "profile", "-p", stacked.pid(), "--flame", html.toString());
            assertThat(Files.readString(html)).startsWith("<!DOCTYPE html>").contains("<title>CPU</title>");
            ToolRun lines = ToolRun.beside(stacked.does('b'), "profile", "-f", "-a", "-p", stacked.pid(), "-F", "99");
            assertThat(lines.out()).anyMatch(l -> l.matches("stacked;.*main;burn_from;burn_here.* \\d+"));
            assertThat(lines.out()).allMatch(l -> l.matches("stacked;.* \\d+"));
        }
    }

    @Test
    void offcputimeShowsHowLongAProcessSleepsAndWhere() throws Exception {
        try (Stacked stacked = new Stacked()) {
            ToolRun run = ToolRun.beside(stacked.does('s'), "offcputime", "--state", "1", "-p", stacked.pid(), "--json")
                    .succeeded();
            List<JsonNode> sleeps = run.rows()
                    .filter(r -> texts(r.path("user")).contains("sleep_from"))
                    .toList();
            assertThat(sleeps).as("%s", run.out()).singleElement().satisfies(r -> {
                // 300 ms, less what passes between the setting of the timer and the leaving of the CPU
                assertThat(r.path("us").asLong()).isBetween(200_000L, 5_000_000L);
                assertThat(texts(r.path("user"))).containsSubsequence("sleep_from", "main");
                assertThat(texts(r.path("kernel"))).contains("schedule").noneMatch(n -> n.startsWith("bpf_"));
            });
        }
    }

    @Test
    void offcputimeFoldsAndChooses() throws Exception {
        try (Stacked stacked = new Stacked()) {
            ToolRun run = ToolRun.beside(
                            stacked.does('s'),
                            "offcputime",
                            "-p",
                            stacked.pid(),
                            "-m",
                            "150000",
                            "-M",
                            "5000000",
                            "-f",
                            "-d")
                    .succeeded();
            assertThat(run.out()).anyMatch(l -> l.matches("stacked;.*sleep_from;.*;-;.*schedule;__schedule \\d{6,}"));
        }
        assertThat(ToolRun.of("offcputime", "-m", "5", "-M", "4").refusal())
                .isEqualTo("offcputime: waits are of 0 us or more, and the least is not above the most");
    }

    /** One process writes to a pipe after a second, the other waits for that: who woke whom, and where both were. */
    @Test
    void offwaketimeShowsWhoWokeASleeper() throws Exception {
        ToolRun run = ToolRun.beside(
                        () -> Workloads.run("sh", "-c", "(sleep 1; echo x; sleep 0.1) | cat"),
                        "offwaketime",
                        "-K",
                        "-m",
                        "250000",
                        "--json")
                .succeeded();
        List<JsonNode> cat = run.rows()
                .filter(r -> r.path("target").asText().startsWith("cat "))
                .toList();
        assertThat(cat).as("%s", run.out()).anySatisfy(r -> {
            assertThat(r.path("us").asLong()).isBetween(250_000L, 10_000_000L);
            assertThat(r.path("waker").asText()).startsWith("sh ");
            assertThat(r.path("waker_stack").toString()).contains("vfs_write");
            assertThat(r.path("target_stack").toString()).contains("vfs_read");
        });
        Path html = folder.resolve("woken.html");
        ToolRun lines = ToolRun.beside(
                        () -> Workloads.run("sh", "-c", "(sleep 0.3; echo x) | cat"), "offwaketime", "-K", "-f")
                .succeeded();
        assertThat(lines.out())
                .anyMatch(l -> l.matches("cat \\d+;.*vfs_read;.*schedule.*;--;.*vfs_write;.*;sh \\d+ \\d+"));
        ToolRun.beside(() -> Workloads.forks(2), "offwaketime", "--flame", html.toString())
                .succeeded();
        assertThat(Files.readString(html)).contains("<title>Off-CPU time, and who ended it</title>");
    }
}

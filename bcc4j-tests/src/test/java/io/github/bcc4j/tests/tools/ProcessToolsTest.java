package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.tests.Workloads;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tools for processes and scheduling. */
@OnKernels({"here", "6.1", "6.12"})
@Tag("vm")
public class ProcessToolsTest {
    @Test
    void execsnoopSeesEachCommandOfAShell() {
        AtomicReference<Workload.Done> done = new AtomicReference<>();
        ToolRun run = ToolRun.beside(() -> done.set(Workload.execs(20).run()), "execsnoop", "--json")
                .succeeded();
        List<JsonNode> executed = run.rows()
                .filter(row -> row.path("ppid").asLong() == done.get().pid())
                .toList();
        assertThat(executed).hasSize(20).allSatisfy(row -> {
            assertThat(row.path("pcomm").asText()).isEqualTo("true");
            assertThat(row.path("args").asText()).isEqualTo("/bin/true");
            assertThat(row.path("ret").asInt()).isZero();
        });
        assertThat(executed)
                .extracting(row -> row.path("pid").asText())
                .hasSameElementsAs(done.get().lines());
    }

    @Test
    void runqlatSeesAProcessWaitForTheCpuThatItIsPinnedToWithAnother() {
        AtomicReference<Workload.Done> done = new AtomicReference<>();
        ToolRun run = ToolRun.beside(
                        () -> done.set(Workloads.run(
                                "sh",
                                "-c",
                                "taskset -c 0 sh -c 'timeout 1 sh -c \"while :; do :; done\" & "
                                        + "timeout 1 sh -c \"while :; do :; done\"; wait; :'")),
                        "runqlat",
                        "-P",
                        "--json")
                .succeeded();
        assertThat(run.rows())
                .anySatisfy(row ->
                        assertThat(ToolRun.count(row, 1024, Long.MAX_VALUE)).isPositive());
        assertThat(run.rows()).allSatisfy(row -> {
            assertThat(row.path("unit").asText()).isEqualTo("usecs");
            assertThat(row.path("pid").asLong()).isBetween(1L, 1L << 22); // not an offset of another kernel's
        });
    }

    @Test
    void runqlatReportsAsOftenAsItIsAsked() {
        ToolRun run = ToolRun.of("runqlat", "-mT", "0.2", "3").succeeded();
        assertThat(run.out().getFirst()).isEqualTo("Tracing run queue latency... Hit Ctrl-C to end.");
        assertThat(run.out()).filteredOn(l -> l.matches("\\d\\d:\\d\\d:\\d\\d")).hasSize(3);
    }

    /** Three that never sleep on one CPU: two of them wait at each moment, whatever group the scheduler has put them in. */
    @Test
    void runqlenSeesThoseThatWait() {
        ToolRun run = ToolRun.beside(
                        () -> Workloads.run(
                                "taskset",
                                "-c",
                                "0",
                                "sh",
                                "-c",
                                "for i in 1 2 3; do setsid timeout 1 sh -c 'while :; do :; done' & done; wait; :"),
                        "runqlen",
                        "-C",
                        "--json")
                .succeeded();
        JsonNode first = run.rows("cpu", "0").getFirst();
        assertThat(ToolRun.count(first, 2, 1000)).as("%s", first).isGreaterThan(20);
        assertThat(run.out()).hasSizeGreaterThanOrEqualTo(1);
    }
}

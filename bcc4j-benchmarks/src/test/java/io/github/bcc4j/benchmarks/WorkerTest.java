package io.github.bcc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private static Worker shell(String script) {
        return Worker.start("worker test", List.of("sh", "-c", script), Home.open());
    }

    @Test
    void answersEachLine() {
        try (Worker worker = shell("echo ready; while read line; do echo \"got=$line\"; done")) {
            worker.awaitReady();
            worker.send("7");
            assertThat(Sample.parse(worker.receive()).metrics()).containsEntry("got", 7L);
        }
    }

    @Test
    void aWorkerThatEndsIsToldWithItsLastWords() {
        try (Worker worker = shell("echo no such thing >&2; exit 3")) {
            assertThatThrownBy(worker::awaitReady).hasMessage("worker test: it has ended; no such thing");
        }
    }

    @Test
    void aWorkerThatSaysSomethingElseIsQuoted() {
        try (Worker worker = shell("echo hello; cat")) {
            assertThatThrownBy(worker::awaitReady).hasMessage("worker test: said hello; ");
        }
    }
}

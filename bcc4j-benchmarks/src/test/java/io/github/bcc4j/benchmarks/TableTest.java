package io.github.bcc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Contestant OURS = Contestant.parse("java raw");
    private static final Contestant THEIRS = Contestant.parse("c");
    private static final Workload WORKLOAD = Workload.alive("drain", "drain it", 10, 1, 0, null)
            .runs("java raw", "c")
            .bar("java raw", "c", "cpu", 0.5)
            .bar("java raw", "c", "cpu", 0.25);

    private static Map<Contestant, Sample> round(String ours, String theirs) {
        return Map.of(OURS, Sample.parse(ours), THEIRS, Sample.parse(theirs));
    }

    @Test
    void ratiosAreThoseOfEachRound() {
        Result result = new Result(
                WORKLOAD,
                10,
                List.of(round("cpu=300", "cpu=1000"), round("cpu=100", "cpu=1000"), round("cpu=8000", "cpu=20000")));
        assertThat(result.ratio(WORKLOAD.bars().getFirst())).isEqualTo(new Result.Ratio(0.3, 0.1, 0.4));
        assertThat((Table.header() + Table.rows(result)).lines())
                .containsExactly(
                        "WORKLOAD   METRIC  OURS            THEIRS              OURS      THEIRS      RATIO  (MIN TO MAX)                 BAR  MET",
                        "drain      cpu     java raw        c               30.00 ns   100.00 ns       0.30  (0.10 to 0.40)           <= 0.50  yes",
                        "drain      cpu     java raw        c               30.00 ns   100.00 ns       0.30  (0.10 to 0.40)           <= 0.25  NO");
    }

    @Test
    void jsonHasTheSame() {
        Result result = new Result(WORKLOAD, 10, List.of(round("cpu=300", "cpu=1000")));
        assertThat(Table.json(List.of(result)).lines().toList())
                .hasSize(2)
                .first()
                .isEqualTo(
                        "[{\"workload\": \"drain\", \"title\": \"drain it\", \"size\": 10, \"rounds\": 1, \"metric\": \"cpu\","
                                + " \"ours\": \"java raw\", \"theirs\": \"c\", \"oursEach\": 30.0, \"theirsEach\": 100.0,"
                                + " \"median\": 0.3, \"min\": 0.3, \"max\": 0.3, \"bar\": 0.5, \"met\": true},");
    }

    @Test
    void whoHasLostEventsIsNamed() {
        Result result = new Result(
                WORKLOAD,
                10,
                List.of(round("cpu=300 lost:0", "cpu=1000 lost:3"), round("cpu=3 lost:0", "cpu=1 lost:7")));
        assertThat(Table.rows(result).lines().skip(2)).containsExactly("           c lost 10 events");
        assertThat(result.meets(new Bar(OURS, THEIRS, "cpu", 5))).isTrue();
        assertThat(result.meets(new Bar(THEIRS, OURS, "cpu", 5))).isFalse(); // quick enough, but not whole
    }

    @Test
    void whatIsNoMeasurementIsShown() {
        assertThatThrownBy(() -> Sample.parse("Traceback")).hasMessage("not a measurement: Traceback");
    }

    @Test
    void aWorkloadThatIsNotThereIsToldWithThoseThatAre() {
        assertThatThrownBy(() -> Workloads.named("prf"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no workload is named prf; there are [perf, ring, live, ");
    }
}

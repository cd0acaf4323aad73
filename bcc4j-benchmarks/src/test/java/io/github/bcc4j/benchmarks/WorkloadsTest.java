package io.github.bcc4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every workload runs in every language, and all see the same. How long they take is nobody's business here. */
@Tag("native")
class WorkloadsTest {
    @SuppressWarnings("unused") // the parameterized test reads it
    private static final Iterable<Workload> WORKLOADS = Workloads.ALL;

    @ParameterizedTest(name = "{0}")
    @FieldSource("WORKLOADS")
    void runsInAllLanguages(Workload workload) {
        Result result = new Runner(Home.open(), 1, true).run(workload);
        assertThat(result.rounds())
                .hasSize(1)
                .first()
                .satisfies(round -> assertThat(round.keySet()).containsExactlyElementsOf(workload.contestants()));
        assertThat(result.losses()).isEmpty();
        assertThat(workload.bars()).isNotEmpty().allSatisfy(bar -> {
            assertThat(result.each(bar.ours(), bar)).isPositive();
            assertThat(result.each(bar.theirs(), bar)).isPositive();
            assertThat(result.ratio(bar).median()).isPositive();
        });
    }
}

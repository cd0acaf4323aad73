package io.github.bcc4j.benchmarks;

import static io.github.bcc4j.benchmarks.Workload.alive;

import io.github.bcc4j.benchmarks.task.ClearHash;
import io.github.bcc4j.benchmarks.task.PerfDrain;
import io.github.bcc4j.benchmarks.task.RingDrain;
import java.util.List;

/** All workloads, with their bars. A new one is a class in {@code task}, a file in {@code c} and {@code python}, and an entry here. */
final class Workloads {
    static final List<Workload> ALL = List.of(
            alive("perf", "drain a full perf buffer", 208_000, 1000, 40, PerfDrain::new)
                    .runs("java raw", "java typed", "c", "python")
                    .bar("java raw", "c", "cpu", 0.5)
                    .bar("java typed", "c", "cpu", 0.85)
                    .bar("java typed", "python", "cpu", 1.0 / 150),
            alive("ring", "drain a full ring buffer", 208_000, 1000, 40, RingDrain::new)
                    .runs("java raw", "java typed", "c", "python")
                    .bar("java raw", "c", "cpu", 1.05)
                    .bar("java typed", "c", "cpu", 1.6)
                    .bar("java typed", "python", "cpu", 1.0 / 250),
            alive("clear", "clear a hash of 100k entries", 100_000, 500, 3, ClearHash::new)
                    .runs("java", "c", "python")
                    .bar("java", "c", "cpu", 0.2)
                    .bar("java", "python", "cpu", 1.0 / 300));

    private Workloads() {}

    static Workload named(String name) {
        return ALL.stream().filter(w -> w.name().equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = ALL.stream().map(Workload::name).toList();
            return new IllegalArgumentException("no workload is named " + name + "; there are " + names);
        });
    }
}

package io.github.bcc4j.benchmarks;

import static io.github.bcc4j.benchmarks.Workload.alive;
import static io.github.bcc4j.benchmarks.Workload.paced;
import static io.github.bcc4j.benchmarks.Workload.started;

import io.github.bcc4j.benchmarks.task.AgainInJvm;
import io.github.bcc4j.benchmarks.task.BulkHash;
import io.github.bcc4j.benchmarks.task.ClearHash;
import io.github.bcc4j.benchmarks.task.DetachTracepoints;
import io.github.bcc4j.benchmarks.task.KernelSymbolLoad;
import io.github.bcc4j.benchmarks.task.KernelSymbolLookup;
import io.github.bcc4j.benchmarks.task.LiveStream;
import io.github.bcc4j.benchmarks.task.PerCpuRead;
import io.github.bcc4j.benchmarks.task.PerfDrain;
import io.github.bcc4j.benchmarks.task.ReadHash;
import io.github.bcc4j.benchmarks.task.ReadHistogram;
import io.github.bcc4j.benchmarks.task.RingDrain;
import io.github.bcc4j.benchmarks.task.SingleEntry;
import java.util.List;

/** All workloads, with their bars. A new one is a class in {@code task}, a file in {@code c} and {@code python}, and an entry here. */
final class Workloads {
    static final List<Workload> ALL = List.of(
            alive("perf", "drain a full perf buffer", 2_000_000, 1000, 10, PerfDrain::new)
                    .runs("java raw", "java typed", "java text", "c", "python")
                    .bar("java raw", "c", "cpu", 0.5)
                    .bar("java typed", "c", "cpu", 0.85)
                    .bar("java typed", "python", "cpu", 1.0 / 150)
                    .compare("java text", "c", "cpu")
                    .compare("java text", "python", "cpu"),
            alive("ring", "drain a full ring buffer", 2_000_000, 1000, 10, RingDrain::new)
                    .runs("java raw", "java typed", "java text", "c", "python")
                    .bar("java raw", "c", "cpu", 1.05)
                    .bar("java typed", "c", "cpu", 1.6)
                    .bar("java typed", "python", "cpu", 1.0 / 250)
                    .compare("java text", "c", "cpu")
                    .compare("java text", "python", "cpu"),
            paced("live", "read a stream of 1M events/s, no loss", 1_000_000, 20_000, 2, LiveStream::new)
                    .runs("java raw", "java typed", "java text", "c", "python")
                    .bar("java raw", "c", "cpu", 0.3)
                    .bar("java raw", "python", "cpu", 1.0 / 30)
                    .bar("java typed", "c", "cpu", 0.3)
                    .bar("java typed", "python", "cpu", 1.0 / 30)
                    .compare("java text", "c", "cpu")
                    .compare("java text", "python", "cpu"),
            alive("clear", "clear a hash of 100k entries", 100_000, 500, 15, ClearHash::new)
                    .runs("java", "c", "python")
                    .bar("java", "c", "cpu", 0.2)
                    .bar("java", "python", "cpu", 1.0 / 300),
            alive("detach", "detach ten tracepoints", 1, 1, 1, DetachTracepoints::new)
                    .runs("java", "c")
                    .bar("java", "c", "wall", 0.65),
            alive("read", "read a hash of 1M entries", 1_000_000, 500, 5, ReadHash::new)
                    .runs("java longs", "java typed", "c", "python batch", "python items")
                    .bar("java longs", "c", "cpu", 1.05)
                    .bar("java typed", "c", "cpu", 1.2)
                    .bar("java typed", "python batch", "cpu", 0.75)
                    .bar("java typed", "python items", "cpu", 1.0 / 15),
            alive("bulk", "update, delete, drain 1M entries", 1_000_000, 500, 5, BulkHash::new)
                    .runs("java", "c")
                    .bar("java", "c", "update", 1.1)
                    .bar("java", "c", "delete", 1.1)
                    .bar("java", "c", "drain", 1.1),
            alive("single", "look up, update one entry", 100_000, 500, 30, SingleEntry::new)
                    .runs("java", "c", "python")
                    .bar("java", "c", "lookup", 1.15)
                    .bar("java", "python", "lookup", 0.4)
                    .bar("java", "c", "update", 1.15)
                    .bar("java", "python", "update", 0.4),
            alive("percpu", "read a per-CPU hash of 10k entries", 10_000, 500, 400, PerCpuRead::new)
                    .runs("java", "c", "python")
                    .bar("java", "c", "cpu", 1.3)
                    .bar("java", "python", "cpu", 1.0 / 15),
            alive("histogram", "read a histogram", 1000, 5, 200, ReadHistogram::new)
                    .runs("java", "c", "python")
                    .bar("java", "c", "cpu", 1.3)
                    .bar("java", "python", "cpu", 1.0 / 15),
            alive("ksym", "look up a kernel symbol", 100_000, 500, 100, KernelSymbolLookup::new)
                    .runs("java", "c")
                    .bar("java", "c", "lookup", 1.1),
            alive("ksym-load", "read the kernel's symbols again", 1, 1, 10, KernelSymbolLoad::new)
                    .runs("java", "c")
                    .bar("java", "c", "cpu", 1.1),
            started("ksym-first", "first kernel symbol of a process", Program.firstSymbol())
                    .runs("java", "c")
                    .bar("java", "c", "first", 1.1),
            started("cold", "start, compile, first read", Program.firstRead("small", false))
                    .runs("java", "java aot", "python")
                    .bar("java", "python", "wall", 1.3)
                    .bar("java", "python", "cpu", 2.0)
                    .bar("java", "python", "rss", 0.5)
                    .bar("java aot", "python", "wall", 1.3)
                    .bar("java aot", "python", "cpu", 2.0)
                    .bar("java aot", "python", "rss", 0.5),
            started("cold-heavy", "the same, many kernel types", Program.firstRead("heavy", false))
                    .runs("java", "java aot", "python")
                    .bar("java", "python", "wall", 0.5)
                    .bar("java aot", "python", "wall", 0.5),
            started("warm", "start, cache hit, first read", Program.firstRead("small", true))
                    .runs("java", "java aot", "python")
                    .bar("java", "python", "wall", 0.45)
                    .bar("java", "python", "cpu", 0.45)
                    .bar("java", "python", "rss", 0.5)
                    .bar("java aot", "python", "wall", 0.45)
                    .bar("java aot", "python", "cpu", 0.45)
                    .bar("java aot", "python", "rss", 0.5),
            alive("again", "compile and load again in a JVM", 1, 1, 30, AgainInJvm::new)
                    .runs("java", "c")
                    .bar("java", "c", "wall", 1.0 / 50));

    private Workloads() {}

    static Workload named(String name) {
        return ALL.stream().filter(w -> w.name().equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = ALL.stream().map(Workload::name).toList();
            return new IllegalArgumentException("no workload is named " + name + "; there are " + names);
        });
    }
}

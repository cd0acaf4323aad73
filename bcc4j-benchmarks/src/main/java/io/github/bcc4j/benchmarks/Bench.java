package io.github.bcc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./bcc4j bench}: ours, C's and Python's version of each workload, interleaved, and the ratios beside the bars. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure bcc4j beside bcc's Python and C on libbcc, interleaved, and print the ratios.",
        footer = {
            "",
            "A ratio is ours / theirs in the same round; OURS and THEIRS are for one event, entry, call or start. cpu is the measuring",
            "thread's CPU time, of a started program all its processes' to the end; wall ends with the first value read.",
            "",
            "Examples:",
            "  bench                     # everything, about five minutes",
            "  bench perf ring -n 9      # two workloads, nine rounds",
            "  bench --jmh 'Decode.*'    # micro benchmarks"
        })
final class Bench implements Callable<Integer> {
    @Parameters(paramLabel = "WORKLOAD", description = "Which; all without. See --list.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = {"-n", "--rounds"},
            defaultValue = "5",
            description = "Counted rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--quick", description = "Tiny sizes and no warm-up: whether everything runs, not how fast.")
    private boolean quick;

    @Option(names = "--json", description = "JSON instead of a table.")
    private boolean json;

    @Option(names = "--list", description = "Print what there is.")
    private boolean list;

    @Option(
            names = "--jmh",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "REGEX",
            description = "Run JMH's micro benchmarks instead, all or those that match.")
    private String jmh;

    private Bench() {}

    /**
     * Runs the benchmarks.
     *
     * @param args see --help
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws RunnerException {
        if (list) {
            Workloads.ALL.forEach(w -> System.out.printf("%-11s %s: %s%n", w.name(), w.title(), w.contestants()));
            return 0;
        }
        if (jmh != null) {
            new org.openjdk.jmh.runner.Runner(new OptionsBuilder()
                            .include(jmh.isEmpty() ? ".*" : jmh)
                            .build())
                    .run();
            return 0;
        }
        int failures = 0;
        List<Workload> chosen = names.isEmpty()
                ? Workloads.ALL
                : names.stream().map(Workloads::named).toList();
        Runner runner = new Runner(Home.open(), rounds, quick);
        List<Result> results = new ArrayList<>();
        if (!json) {
            System.out.print(Table.header());
        }
        for (Workload workload : chosen) {
            try {
                Result result = runner.run(workload);
                results.add(result);
                if (!json) {
                    System.out.print(Table.rows(result));
                }
            } catch (IllegalStateException e) {
                System.err.println(e.getMessage());
                failures++;
            }
        }
        if (json) {
            System.out.println(Table.json(results));
        }
        return failures == 0 ? 0 : 1;
    }
}

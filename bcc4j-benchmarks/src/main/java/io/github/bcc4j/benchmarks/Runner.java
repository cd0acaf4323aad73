package io.github.bcc4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a workload: all its contestants one after the other, round by round. */
final class Runner {
    private final Home home;
    private final Commands commands;
    private final int rounds;
    private final boolean quick;

    Runner(Home home, int rounds, boolean quick) {
        this.home = home;
        this.commands = new Commands(home);
        this.rounds = rounds;
        this.quick = quick;
    }

    Result run(Workload workload) {
        int size = quick ? workload.quickSize() : workload.size();
        List<Contender> contenders = new ArrayList<>();
        try {
            for (Contestant who : workload.contestants()) {
                contenders.add(Contender.start(workload, who, size, home, commands));
            }
            contenders.forEach(Contender::awaitReady);
            if (!quick) {
                for (int i = 0; i < workload.warmUps(); i++) {
                    for (Contender each : contenders) {
                        if (i == 0 || each.who().language().equals("java")) {
                            each.round();
                        }
                    }
                }
            }
            List<Map<Contestant, Sample>> samples = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                samples.add(round(workload, contenders));
            }
            return new Result(workload, size, List.copyOf(samples));
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private static Map<Contestant, Sample> round(Workload workload, List<Contender> contenders) {
        Map<Contestant, Sample> round = new LinkedHashMap<>();
        for (Contender each : contenders) {
            round.put(each.who(), each.round());
        }
        check(workload, round);
        return round;
    }

    /** All have seen the same; but of a stream that does not wait, others may lose events: {@link Result#losses}. */
    private static void check(Workload workload, Map<Contestant, Sample> round) {
        Contestant first = workload.contestants().getFirst();
        Map<String, Long> expected = round.get(first).checks();
        if (expected.getOrDefault("lost", 0L) != 0) {
            throw new IllegalStateException(workload.name() + ": " + first + " has lost events: " + expected);
        }
        round.forEach((who, sample) -> {
            boolean mayLose =
                    workload.kind() == Workload.Kind.PACED && !who.language().equals("java");
            if (!sample.checks().equals(expected)
                    && !(mayLose && sample.checks().get("lost") > 0)) {
                throw new IllegalStateException(workload.name() + ": " + first + " and " + who
                        + " saw different things: " + expected + ", " + sample.checks());
            }
        });
    }
}

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
                contenders.forEach(Contender::prepare);
                for (Contender each : contenders) {
                    for (int i = 1;
                            i < workload.warmUps() && each.who().language().equals("java");
                            i++) {
                        each.round();
                    }
                }
            }
            List<Map<Contestant, Sample>> samples = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                samples.add(round(workload, size, contenders));
            }
            return new Result(workload, size, List.copyOf(samples));
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private static Map<Contestant, Sample> round(Workload workload, int size, List<Contender> contenders) {
        Map<Contestant, Sample> round = new LinkedHashMap<>();
        for (Contender each : contenders) {
            round.put(each.who(), each.round());
        }
        check(workload, size, round);
        return round;
    }

    /** All have seen the same; but a stream does not wait, so that there events may be lost: {@link Result#losses}. */
    private static void check(Workload workload, int size, Map<Contestant, Sample> round) {
        Contestant first = workload.contestants().getFirst();
        Map<String, Long> expected = round.get(first).checks();
        round.forEach((who, sample) -> {
            Map<String, Long> checks = sample.checks();
            if (workload.kind() == Workload.Kind.PACED && checks.get("n") + checks.get("lost") != size) {
                throw new IllegalStateException(
                        workload.name() + ": " + who + " has missed some of " + size + " events: " + checks);
            }
            if (workload.kind() != Workload.Kind.PACED && !checks.equals(expected)) {
                throw new IllegalStateException(workload.name() + ": " + first + " and " + who
                        + " saw different things: " + expected + ", " + checks);
            }
        });
    }
}

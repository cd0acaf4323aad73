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
        Contestant first = workload.contestants().getFirst();
        round.forEach((who, sample) -> {
            if (!sample.checks().equals(round.get(first).checks())) {
                throw new IllegalStateException(workload.name() + ": " + first + " and " + who
                        + " saw different things: " + round.get(first).checks() + ", " + sample.checks());
            }
        });
        return round;
    }
}

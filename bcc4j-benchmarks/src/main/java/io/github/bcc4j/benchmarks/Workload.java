package io.github.bcc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A row of the table of bars.
 *
 * @param name as on the command line; also the name of the files of the other languages
 * @param title what is done
 * @param kind how it is run
 * @param size how much of it
 * @param quickSize how much of it in a smoke test
 * @param warmUps rounds that are not counted
 * @param task our side; null for a program that is started anew each round
 * @param program that program, else null
 * @param contestants in the order of a round
 * @param bars what is to be met
 */
record Workload(
        String name,
        String title,
        Kind kind,
        int size,
        int quickSize,
        int warmUps,
        Task.Factory task,
        Program program,
        List<Contestant> contestants,
        List<Bar> bars) {

    /** How a workload is run. */
    enum Kind {
        /** Each contestant's process stays alive and runs a round when it is told. */
        ALIVE,
        /** The same, while another process produces events at a steady rate. */
        PACED,
        /** Each round starts a process. */
        STARTED
    }

    static Workload alive(String name, String title, int size, int quickSize, int warmUps, Task.Factory task) {
        return new Workload(name, title, Kind.ALIVE, size, quickSize, warmUps, task, null, List.of(), List.of());
    }

    static Workload paced(String name, String title, int size, int quickSize, int warmUps, Task.Factory task) {
        return new Workload(name, title, Kind.PACED, size, quickSize, warmUps, task, null, List.of(), List.of());
    }

    static Workload started(String name, String title, Program program) {
        return new Workload(name, title, Kind.STARTED, 1, 1, 1, null, program, List.of(), List.of());
    }

    Workload runs(String... who) {
        List<Contestant> all = new ArrayList<>();
        for (String each : who) {
            all.add(Contestant.parse(each));
        }
        return new Workload(name, title, kind, size, quickSize, warmUps, task, program, List.copyOf(all), bars);
    }

    Workload bar(String ours, String theirs, String metric, double limit) {
        List<Bar> all = new ArrayList<>(bars);
        all.add(new Bar(Contestant.parse(ours), Contestant.parse(theirs), metric, limit));
        return new Workload(name, title, kind, size, quickSize, warmUps, task, program, contestants, List.copyOf(all));
    }

    /** A row of the table without a bar. */
    Workload compare(String ours, String theirs, String metric) {
        return bar(ours, theirs, metric, Double.POSITIVE_INFINITY);
    }
}

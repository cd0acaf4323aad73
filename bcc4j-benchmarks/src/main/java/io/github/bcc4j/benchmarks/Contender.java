package io.github.bcc4j.benchmarks;

import java.util.Optional;

/** A contestant at work: a process of its own, or a starter of such; and what makes its events, if they are to come at a steady rate. */
final class Contender implements AutoCloseable {
    private static final long EVENTS_PER_SECOND = 1_000_000;

    private final Contestant who;
    private final Worker worker;
    private final String request;
    private final String firstRequest;
    private final Optional<Worker> pacer;

    private Contender(Contestant who, Worker worker, String firstRequest, String request, Optional<Worker> pacer) {
        this.who = who;
        this.worker = worker;
        this.firstRequest = firstRequest;
        this.request = request;
        this.pacer = pacer;
    }

    static Contender start(Workload workload, Contestant who, int size, Home home, Commands commands) {
        String name = workload.name() + " " + who;
        if (workload.kind() == Workload.Kind.STARTED) {
            home.deleteArchive(workload);
            Worker starter = Worker.start(name, commands.helper("starter"), home);
            return new Contender(
                    who,
                    starter,
                    String.join("\t", commands.firstStarted(workload, who)),
                    String.join("\t", commands.started(workload, who)),
                    Optional.empty());
        }
        Worker worker = Worker.start(name, commands.alive(workload, who, size), home);
        if (workload.kind() == Workload.Kind.ALIVE) {
            return new Contender(who, worker, "round", "round", Optional.empty());
        }
        Worker pacer = Worker.start(name + " pacer", commands.helper("pacer"), home);
        String pace = worker.pid() + " " + size + " " + EVENTS_PER_SECOND;
        return new Contender(who, worker, pace, pace, Optional.of(pacer));
    }

    Contestant who() {
        return who;
    }

    void awaitReady() {
        worker.awaitReady();
        pacer.ifPresent(Worker::awaitReady);
    }

    /** The first round of all, never counted: what is to be kept for the others is made now. */
    void prepare() {
        round(firstRequest);
    }

    Sample round() {
        return round(request);
    }

    private Sample round(String what) {
        worker.send(what);
        pacer.ifPresent(p -> p.send(what));
        Sample sample = Sample.parse(worker.receive());
        pacer.ifPresent(Worker::receive);
        return sample;
    }

    @Override
    public void close() {
        worker.close();
        pacer.ifPresent(Worker::close);
    }
}

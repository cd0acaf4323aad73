package io.github.bcc4j.benchmarks;

/** A contestant at work: a process of its own, and its helper if there is one. */
final class Contender implements AutoCloseable {
    private final Contestant who;
    private final Worker worker;
    private final Runnable ready;
    private final Runnable begin;

    private Contender(Contestant who, Worker worker, Runnable ready, Runnable begin) {
        this.who = who;
        this.worker = worker;
        this.ready = ready;
        this.begin = begin;
    }

    static Contender start(Workload workload, Contestant who, int size, Home home, Commands commands) {
        String name = workload.name() + " " + who;
        Worker worker = Worker.start(name, commands.alive(workload, who, size), home);
        return new Contender(who, worker, worker::awaitReady, () -> worker.send("round"));
    }

    Contestant who() {
        return who;
    }

    void awaitReady() {
        ready.run();
    }

    Sample round() {
        begin.run();
        return Sample.parse(worker.receive());
    }

    @Override
    public void close() {
        worker.close();
    }
}

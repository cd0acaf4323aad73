package io.github.bcc4j.tools;

import io.github.bcc4j.event.EventHandler;
import io.github.bcc4j.event.PerfBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * The life of one run of a tool: from attached to stopped, by Ctrl-C, by time, or by the end of a workload run beside it. For the
 * tool's own thread, but {@link #stop()}.
 */
final class Session {
    private static final Duration NAP = Duration.ofMillis(50);

    private final String workload;
    private volatile boolean stopped;
    private long deadline = Long.MAX_VALUE;
    private Process beside;
    private int exitStatus;

    /** A run beside a shell command, or on its own with null. */
    Session(String workload) {
        this.workload = workload;
    }

    /** To be called once everything is attached: now the workload starts. */
    void ready() {
        if (workload != null) {
            try {
                beside = new ProcessBuilder("sh", "-c", workload).inheritIO().start();
            } catch (IOException e) {
                throw new UncheckedIOException("start the workload " + workload, e);
            }
            beside.onExit().thenRun(this::stop);
        }
    }

    /** Ends the run after a time from now, if it lasts so long; zero for never. */
    void endAfter(Duration time) {
        if (!time.isZero()) {
            deadline = System.nanoTime() + time.toNanos();
        }
    }

    boolean running() {
        return !stopped && (deadline == Long.MAX_VALUE || System.nanoTime() < deadline);
    }

    void stop() {
        stopped = true;
    }

    /** Hands over events until the run ends, the last ones included. */
    <E> void forEach(PerfBuffer<E> events, EventHandler<E> handler) {
        while (running()) {
            events.poll(NAP, handler);
        }
        events.poll(Duration.ZERO, handler);
    }

    /** Hands over events in the order of their time stamps until the run ends, the last ones included. */
    <E> void forEachInTimeOrder(PerfBuffer<E> events, ToLongFunction<E> time, EventHandler<E> handler) {
        while (running()) {
            events.pollInTimeOrder(NAP, time, handler);
        }
        for (int n = -1; n != 0; ) {
            n = events.pollInTimeOrder(Duration.ZERO, time, handler);
        }
    }

    /** Waits for the end of the run, or of the interval; zero for no interval. */
    void await(Duration interval) throws InterruptedException {
        long until = interval.isZero() ? Long.MAX_VALUE : System.nanoTime() + interval.toNanos();
        while (running() && (until == Long.MAX_VALUE || System.nanoTime() < until)) {
            Thread.sleep(NAP);
        }
    }

    /** Ends the workload if it still runs; its exit status if it ended by itself, else 0. */
    int finish() throws InterruptedException {
        if (beside != null) {
            if (beside.isAlive() && running()) {
                beside.waitFor();
            }
            if (beside.isAlive()) {
                beside.destroy();
                beside.waitFor(5, TimeUnit.SECONDS);
            } else {
                exitStatus = beside.exitValue();
            }
        }
        return exitStatus;
    }
}

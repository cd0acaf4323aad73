package io.github.bcc4j.tools.cli;

import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.EventHandler;
import io.github.bcc4j.event.PerfBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The life of one run of a tool: from attached to stopped, by Ctrl-C, SIGTERM, time, a reader that has gone, or the end of a workload run
 * beside it. For the tool's own thread, but {@link #stop()}.
 */
public final class Session {
    private static final Duration NAP = Duration.ofMillis(50);
    private static final int BURST = 10_000; // events until what was written is shown, and the end is looked for

    private final Optional<Beside> beside;
    private CompletableFuture<Integer> besideDone = CompletableFuture.completedFuture(0);
    private Duration limit = Duration.ZERO;
    private long deadline = Long.MAX_VALUE;
    private Output output;
    private volatile boolean stopped;

    /**
     * A run that has not begun.
     *
     * @param beside what runs beside the tool
     */
    public Session(Optional<Beside> beside) {
        this.beside = beside;
    }

    void writeTo(Output output) {
        this.output = output;
    }

    /**
     * Where the tool writes.
     *
     * @return in the user's format
     */
    public Output output() {
        return output;
    }

    /** To be called once everything is attached: now time runs, and the workload starts. */
    public void ready() {
        output.flush();
        if (!limit.isZero()) {
            deadline = System.nanoTime() + limit.toNanos();
        }
        if (beside.isPresent()) {
            besideDone = beside.get().start();
            besideDone.whenComplete((status, failed) -> stop());
        }
    }

    /**
     * Ends the run after a time, which begins when the tool is {@link #ready}.
     *
     * @param seconds more than 0
     * @throws IllegalArgumentException if it is no time
     */
    public void endAfter(double seconds) {
        if (!(seconds >= 0 && seconds < 1e9)) {
            throw new IllegalArgumentException("a duration is of 0 seconds or more, not " + seconds);
        }
        limit = Duration.ofNanos((long) (seconds * 1e9));
    }

    /**
     * Whether to go on.
     *
     * @return false once the run has to end: then report, and return
     */
    public boolean running() {
        return !stopped && (deadline == Long.MAX_VALUE || System.nanoTime() - deadline < 0);
    }

    /** Ends the run; from any thread. */
    public void stop() {
        stopped = true;
    }

    /**
     * Hands over events until the run ends, the last ones included.
     *
     * @param events where they come from
     * @param handler what is done with each
     * @param <E> their type
     */
    public <E> void forEach(EventBuffer<E> events, Consumer<? super E> handler) {
        while (running()) {
            events.poll(NAP, handler);
            output.flush();
        }
        for (int n = BURST; n == BURST; output.flush()) {
            n = events.consume(BURST, handler);
        }
    }

    /**
     * Hands over events in the order of their time stamps until the run ends, the last ones included.
     *
     * @param events where they come from
     * @param time an event's time stamp
     * @param handler what is done with each
     * @param <E> their type
     */
    public <E> void forEachInTimeOrder(PerfBuffer<E> events, ToLongFunction<E> time, EventHandler<E> handler) {
        while (running()) {
            events.pollInTimeOrder(NAP, time, handler);
            output.flush();
        }
        for (int n = -1; n != 0; output.flush()) {
            n = events.pollInTimeOrder(Duration.ZERO, time, handler);
        }
    }

    /**
     * Waits for the end of the run, or of some time.
     *
     * @param time at most; zero for without end
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (long left = 1; running() && left > 0; ) {
            left = time.isZero() ? Long.MAX_VALUE : until - System.nanoTime();
            Thread.sleep(Duration.ofNanos(Math.clamp(left, 0, NAP.toNanos())));
        }
    }

    /** Ends the workload if the run has been stopped before it was done; its exit status if it ended by itself, else 0. */
    int finish() throws InterruptedException {
        if (!besideDone.isDone() && !running()) {
            beside.get().stop();
            try {
                besideDone.get(5, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException | TimeoutException ended) {
                // as it was told
            }
            return 0;
        }
        try {
            return besideDone.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}

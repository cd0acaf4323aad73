package io.github.bcc4j.junit.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs {@link Workload}s, and sees to it that none outlives the test: a parameter of methods of a {@link io.github.bcc4j.junit.BpfTest}.
 * Thread-safe.
 */
public final class Workloads implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final List<Background> running = new ArrayList<>();
    private boolean closed;

    /** Nothing runs yet. */
    public Workloads() {}

    /**
     * Runs a workload to its end, on this thread.
     *
     * @param workload what to do
     * @return what was done
     * @throws WorkloadException if it could not all be done
     */
    public Workload.Done run(Workload workload) {
        return workload.run();
    }

    /**
     * Starts a workload on a thread of its own, which is interrupted at the end of the test if it still runs then.
     *
     * @param workload what to do
     * @return to wait for it
     * @throws IllegalStateException if this is closed
     */
    public synchronized Background start(Workload workload) {
        if (closed) {
            throw new IllegalStateException("the test of these workloads is over");
        }
        Background background = new Background(workload);
        running.add(background);
        return background;
    }

    /** A workload that runs beside the test. Thread-safe. */
    public static final class Background {
        private final CompletableFuture<Workload.Done> done = new CompletableFuture<>();
        private final Thread thread;

        private Background(Workload workload) {
            Objects.requireNonNull(workload, "workload");
            thread = Thread.ofPlatform().daemon().name("workload").start(() -> {
                try {
                    done.complete(workload.run());
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
        }

        /**
         * Whether it has ended, well or not.
         *
         * @return true from then on
         */
        public boolean isDone() {
            return done.isDone();
        }

        /**
         * Waits for its end.
         *
         * @return what was done
         * @throws WorkloadException if it could not all be done
         */
        public Workload.Done await() {
            try {
                return done.join();
            } catch (CompletionException e) {
                throw new WorkloadException(
                        "the workload failed: " + e.getCause().getMessage(), e.getCause());
            }
        }

        private boolean stop() {
            thread.interrupt();
            try {
                done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                return true; // as it was interrupted; else who waited for it knows
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            return true;
        }
    }

    /**
     * Interrupts what still runs and waits for its end. Closing again does nothing.
     *
     * @throws WorkloadException if a workload does not end within ten seconds of being interrupted
     */
    @Override
    public void close() {
        List<Background> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running);
            running.clear();
        }
        long stubborn = left.stream().filter(b -> !b.stop()).count();
        if (stubborn > 0) {
            throw new WorkloadException(
                    stubborn + " of the test's workloads did not end within " + PATIENCE_SECONDS
                            + " s of being interrupted",
                    null);
        }
    }
}

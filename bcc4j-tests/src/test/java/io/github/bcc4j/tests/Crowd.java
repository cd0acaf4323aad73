package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Threads that begin at once, with dice that fall the same way each time. Nobody may throw anything but "... is closed", and all must
 * end.
 */
final class Crowd implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    interface Action {
        void run(Random dice) throws Exception;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Action> actions = new ArrayList<>();
    private long seed;

    Crowd(long seed) {
        this.seed = seed;
    }

    Crowd with(int number, Action action) {
        for (int i = 0; i < number; i++) {
            actions.add(action);
        }
        return this;
    }

    /** Does everything once and forgets it. */
    void go() throws Exception {
        CyclicBarrier start = new CyclicBarrier(actions.size());
        List<Future<?>> all = new ArrayList<>();
        for (Action action : actions) {
            Random dice = new Random(seed++);
            all.add(threads.submit(() -> {
                start.await();
                untilClosed(() -> action.run(dice));
                return null;
            }));
        }
        actions.clear();
        for (Future<?> one : all) {
            one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    interface Step {
        void run() throws Exception;
    }

    /** Does something that may find what it uses closed by another thread; tells whether it did not. */
    static boolean untilClosed(Step step) throws Exception {
        try {
            step.run();
            return true;
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageEndingWith(" is closed");
            return false;
        }
    }

    /** Does something that must not even find anything closed: closing it again. */
    static void always(Step step) throws Exception {
        try {
            step.run();
        } catch (IllegalStateException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package io.github.bcc4j.junit.assertj;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what may still change: they hold if they do at some moment within a time, by default at once.
 *
 * @param <S> the type of the assertions
 * @param <A> the type of what is looked at
 * @param <D> the type of what is seen there
 */
public abstract sealed class EventualAssert<S extends EventualAssert<S, A, D>, A, D> extends AbstractAssert<S, A>
        permits RecordingAssert, TableAssert, HistogramAssert {
    private static final long PAUSE_NANOS = 1_000_000;

    private Duration patience = Duration.ZERO;

    EventualAssert(A actual, Class<?> type) {
        super(actual, type);
    }

    /**
     * Gives what follows time to become true. Each assertion has as much, and ends as soon as it holds: what must not come any more is seen
     * only if it came before that.
     *
     * @param time how long each assertion may wait
     * @return this
     */
    public S within(Duration time) {
        patience = Objects.requireNonNull(time, "time");
        return myself;
    }

    final S sameTime(EventualAssert<?, ?, ?> other) {
        return within(other.patience);
    }

    /** An assertion on what was seen once. */
    @FunctionalInterface
    interface Check<D> {
        void on(D seen);
    }

    /** What is there now. */
    abstract D look();

    /** Waits until what is there fits: looks again and again, as maps of the kernel tell nobody that they change. */
    boolean await(Duration time, Predicate<D> condition) {
        long deadline = System.nanoTime() + time.toNanos();
        while (true) {
            boolean last = System.nanoTime() - deadline >= 0;
            if (condition.test(look())) {
                return true;
            }
            if (last) {
                return false;
            }
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for an assertion to hold");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Holds as soon as the check passes; else fails as the last did. */
    final S eventually(Check<D> check) {
        isNotNull();
        AssertionError[] why = new AssertionError[1];
        boolean held = await(patience, seen -> {
            try {
                check.on(seen);
                return true;
            } catch (AssertionError e) {
                why[0] = e;
                return false;
            }
        });
        if (!held) {
            throw why[0];
        }
        return myself;
    }

    /** What stands before the message of a failure: the test's own words, what is looked at, and how long it was waited for. */
    final String about(String what) {
        String words = descriptionText();
        return (words.isEmpty() ? "" : words + ": ")
                + what
                + (patience.isZero() ? "" : ", within " + patience.toMillis() + " ms");
    }
}

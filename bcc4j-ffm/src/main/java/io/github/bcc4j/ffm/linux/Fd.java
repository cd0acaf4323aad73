package io.github.bcc4j.ffm.linux;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/**
 * An owned file descriptor: closed once, never used after.
 *
 * <p>Thread-safe. {@link #close()} lets calls that are under way on other threads finish with the descriptor they began with
 * (the number is given back to the kernel by the last of them), so a number is never reused under a running call. A forgotten
 * {@code Fd} is closed by a {@link Cleaner}.
 */
public final class Fd implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    /** The number and its users; shared with the cleaner, so it must not refer to the {@code Fd}. */
    private static final class State implements Runnable {
        private static final int CLOSED = 1 << 30;
        private final int number;
        private final AtomicInteger users = new AtomicInteger();

        State(int number) {
            this.number = number;
        }

        @Override
        public void run() {
            if ((users.getAndUpdate(u -> u | CLOSED)) == 0) {
                Linux.close(number);
            }
        }

        boolean acquire() {
            int u;
            do {
                u = users.get();
                if (u >= CLOSED) {
                    return false;
                }
            } while (!users.compareAndSet(u, u + 1));
            return true;
        }

        void release() {
            if (users.decrementAndGet() == CLOSED) {
                Linux.close(number);
            }
        }
    }

    private final State state;
    private final Cleaner.Cleanable cleanable;
    private final String what;

    private Fd(int number, String what) {
        this.state = new State(number);
        this.cleanable = CLEANER.register(this, state);
        this.what = what;
    }

    /**
     * Takes ownership of an open descriptor.
     *
     * @param number the descriptor, zero or more
     * @param what what it is, for the message of a use after close: {@code map "counts"}
     * @return its owner
     */
    public static Fd own(long number, String what) {
        if (number < 0) {
            throw new IllegalArgumentException("not a descriptor: " + number);
        }
        return new Fd((int) number, what);
    }

    /**
     * Calls with the descriptor, which stays open until the call returns.
     *
     * @param call what to do with the number
     * @return what it returned
     * @throws IllegalStateException if this is closed
     */
    public long call(IntToLongFunction call) {
        hold();
        try {
            return call.applyAsLong(state.number);
        } finally {
            release();
        }
    }

    /**
     * Calls with the descriptor, which stays open until the call returns.
     *
     * @param call what to do with the number
     * @param <T> its result type
     * @return what it returned
     * @throws IllegalStateException if this is closed
     */
    public <T> T use(IntFunction<T> call) {
        hold();
        try {
            return call.apply(state.number);
        } finally {
            release();
        }
    }

    /**
     * Keeps the descriptor open until {@link #release()}, for calls that are made so often that a function object for each would show.
     *
     * @return its number
     * @throws IllegalStateException if this is closed
     */
    public int hold() {
        if (!state.acquire()) {
            throw new IllegalStateException(what + " is closed");
        }
        return state.number;
    }

    /** Ends what {@link #hold()} began; closes the descriptor if that was asked for meanwhile. */
    public void release() {
        state.release();
    }

    /**
     * The number itself, for handing to another call of the same thread or for display. It is valid only while this is open.
     *
     * @return the descriptor number
     * @throws IllegalStateException if this is closed
     */
    public int number() {
        if (isClosed()) {
            throw new IllegalStateException(what + " is closed");
        }
        return state.number;
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true from then on
     */
    public boolean isClosed() {
        return state.users.get() >= State.CLOSED;
    }

    /** Closes the descriptor when the last call under way has ended. Closing again does nothing. */
    @Override
    public void close() {
        cleanable.clean();
    }

    @Override
    public String toString() {
        return what + " (fd " + state.number + (isClosed() ? ", closed)" : ")");
    }
}

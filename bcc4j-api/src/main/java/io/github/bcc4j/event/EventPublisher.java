package io.github.bcc4j.event;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Events for one subscriber, read by a thread of its own when they are asked for. What is not asked for waits in the kernel's buffer;
 * when that is full the kernel drops the newest: the back-pressure reaches the source.
 */
final class EventPublisher<E> implements Flow.Publisher<E> {
    private static final long NAP_NANOS = 100_000_000;

    private final EventBuffer<E> buffer;
    private final AtomicBoolean taken = new AtomicBoolean();

    EventPublisher(EventBuffer<E> buffer) {
        this.buffer = buffer;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super E> subscriber) {
        Reader reader = new Reader(subscriber);
        if (!taken.compareAndSet(false, true)) {
            reader.cancel();
            subscriber.onSubscribe(reader);
            subscriber.onError(new IllegalStateException("the events of " + buffer + " have a subscriber already"));
            return;
        }
        Thread.ofPlatform().daemon().name("bcc4j " + buffer).start(reader);
    }

    private final class Reader implements Flow.Subscription, Runnable {
        private final Flow.Subscriber<? super E> subscriber;
        private long wanted;
        private boolean cancelled;
        private IllegalArgumentException refused;

        Reader(Flow.Subscriber<? super E> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public synchronized void request(long n) {
            if (n <= 0) {
                refused = new IllegalArgumentException("a subscriber requests one event at least, not " + n);
            }
            wanted = wanted + n < 0 ? Long.MAX_VALUE : wanted + n;
            notifyAll();
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            notifyAll();
        }

        @Override
        public void run() {
            try {
                subscriber.onSubscribe(this);
                while (isWanted()) {
                    buffer.take(System.nanoTime() + NAP_NANOS, this::deliver);
                }
                end(refused);
            } catch (Throwable e) {
                end(e);
            }
        }

        /** Waits until the subscriber wants an event: false if it never will, or there will be none. */
        private synchronized boolean isWanted() throws InterruptedException {
            while (wanted == 0 && !cancelled && refused == null && !buffer.isClosed()) {
                wait(NAP_NANOS / 1_000_000);
            }
            return !cancelled && refused == null && !buffer.isClosed();
        }

        private void deliver(E event) {
            synchronized (this) {
                wanted -= wanted == Long.MAX_VALUE ? 0 : 1;
            }
            subscriber.onNext(event);
        }

        private void end(Throwable why) {
            taken.set(false);
            synchronized (this) {
                if (cancelled) {
                    return;
                }
                cancelled = true;
            }
            try {
                if (why == null) {
                    subscriber.onComplete();
                } else {
                    subscriber.onError(why);
                }
            } catch (Throwable e) {
                // There is nobody left to tell: this was the last signal, on a thread of this library's own.
            }
        }
    }
}

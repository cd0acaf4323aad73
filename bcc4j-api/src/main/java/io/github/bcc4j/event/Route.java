package io.github.bcc4j.event;

import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;

/**
 * The way of a buffer's events to handlers of one class. A loop that serves handlers of several classes can only call them, and must make
 * every object it hands over. So a way that is much used gets a loop of its own, a hidden class of the same bytes: there the JIT makes
 * the handler, and the decoding of what it asks for, part of the loop.
 *
 * <p>One reader at a time.
 */
final class Route {
    /** After so many events a class is made: tens of milliseconds, on a thread of its own, while reading goes on. */
    static final int MANY = 50_000;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Routes.Key key;
    private final Codec<?> codec;
    private volatile Loop loop;
    private long left = MANY;

    /** By a common loop at first. */
    Route(Routes.Key key, Loop loop, Codec<?> codec) {
        this.key = key;
        this.loop = loop;
        this.codec = codec;
    }

    Routes.Key key() {
        return key;
    }

    int drain(Loop.Ring ring, int limit, RawEventHandler handler) {
        int n = loop.drain(ring, limit, handler);
        if (left > 0 && (left -= n) <= 0) {
            Thread.ofPlatform().daemon().name("bcc4j-event-loop").start(this::getOwnLoop);
        }
        return n;
    }

    /** Makes a loop, and goes by it from the next reading on. */
    void getOwnLoop() {
        try {
            loop = copy(loop, key.bytes() ? Shape.BYTES : new Shape(Codecs.reader(codec), codec.size(), key.alsoCpu()));
        } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
            return; // the common loop does all the same, only slower
        }
    }

    /** A loop of a new class. */
    static Loop copy(Loop loop, Shape shape) throws ReflectiveOperationException, IOException {
        Class<?> template = loop.getClass();
        try (InputStream file = template.getResourceAsStream(template.getSimpleName() + ".class")) {
            Class<?> copy = LOOKUP.defineHiddenClassWithClassData(file.readAllBytes(), shape, true)
                    .lookupClass();
            return (Loop) copy.getDeclaredConstructor().newInstance();
        }
    }

    boolean hasOwnLoop() {
        return loop.getClass().isHidden();
    }
}

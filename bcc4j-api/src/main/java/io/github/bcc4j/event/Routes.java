package io.github.bcc4j.event;

import io.github.bcc4j.type.Codec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A buffer's ways to its handlers, one for each class of them. Thread-safe. */
final class Routes {
    /** Handlers of more classes than these share one: who makes a class for each reading must not fill the memory. */
    private static final int MOST = 16;

    private final Loop loop;
    private final String what;
    private final Codec<?> codec;
    private final Map<Key, Route> routes = new ConcurrentHashMap<>();
    private volatile Route last;

    /** For which handlers a route is. */
    record Key(Class<?> handlers, boolean bytes, boolean alsoCpu) {}

    Routes(Loop loop, String what, Codec<?> codec) {
        this.loop = loop;
        this.what = what;
        this.codec = codec;
    }

    Delivery ofBytes(RawEventHandler handler) {
        return delivery(handler, new Key(handler.getClass(), true, true));
    }

    /** To an {@link EventHandler}, or to a consumer, which is not told the CPU. */
    Delivery ofEvents(Object handler, boolean alsoCpu) {
        return delivery(new Decoder(what, codec, handler, alsoCpu), new Key(handler.getClass(), false, alsoCpu));
    }

    private Delivery delivery(RawEventHandler handler, Key key) {
        Route route = last;
        if (route == null || !route.key().equals(key)) {
            route = routes.get(key);
            if (route == null && routes.size() >= MOST) {
                return (ring, limit) -> loop.drain(ring, limit, handler);
            }
            if (route == null) {
                route = routes.computeIfAbsent(key, k -> new Route(k, loop, codec));
            }
            last = route;
        }
        Route found = route;
        return (ring, limit) -> found.drain(ring, limit, handler);
    }
}

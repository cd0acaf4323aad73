package io.github.bcc4j.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A route's own loop does what the common one does. */
class RouteTest {
    private static final int PAGE = 4096;
    private static final Layout U64 = new Layout.Int("u64", 8, false, false);
    private static final Layout CHAR = new Layout.Int("char", 1, true, false);
    private static final Layout EVENT = new Layout.Struct(
            "struct event",
            24,
            List.of(new Layout.Member("at", 0, 0, U64), new Layout.Member("comm", 64, 0, new Layout.Array(CHAR, 16))),
            false);

    record Event(long at, String comm) {
        Event {
            if (at == 13) {
                throw new IllegalStateException("no 13");
            }
        }
    }

    private final Codec<Event> codec = Codecs.bind(Event.class, EVENT, "event");
    private final MemorySegment memory = Arena.ofAuto().allocate(2 * PAGE, 8);
    private final CpuRing ring = new CpuRing(3, memory, PAGE);
    private final Routes routes = new Routes(new PerfLoop(), "perf buffer \"events\"", codec);
    private long head;

    private void put(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            memory.set(ValueLayout.JAVA_BYTE, PAGE + head++ % PAGE, (byte) (value >>> 8 * i));
        }
    }

    private void sample(long at, int size) {
        put(9, 4);
        put(0, 2);
        put(12 + size, 2);
        put(size, 4);
        put(at, 8);
        put('s' | 'h' << 8, size - 8);
        memory.set(ValueLayout.JAVA_LONG, 1024, head);
    }

    private Route route(Object handler, boolean bytes, boolean alsoCpu) {
        return new Route(new Routes.Key(handler.getClass(), bytes, alsoCpu), new PerfLoop(), codec);
    }

    private int drain(Route route, Object handler, boolean alsoCpu) {
        return route.drain(ring, Integer.MAX_VALUE, new Decoder("buffer", codec, handler, alsoCpu));
    }

    @Test
    void eventsAreTheSame() {
        List<Event> seen = new ArrayList<>();
        Consumer<Event> handler = seen::add;
        Route route = route(handler, false, false);
        sample(1, 28);
        sample(2, 28);
        assertThat(drain(route, handler, false)).isEqualTo(2);
        assertThat(route.hasOwnLoop()).isFalse();
        route.getOwnLoop();
        assertThat(route.hasOwnLoop()).isTrue();
        for (int i = 3; i <= 300; i++) { // also over the end of the ring
            sample(100 + i, 28);
            assertThat(drain(route, handler, false)).isEqualTo(1);
        }
        assertThat(seen).hasSize(300).endsWith(new Event(400, "sh")).startsWith(new Event(1, "sh"), new Event(2, "sh"));
        assertThat(seen.get(150)).isEqualTo(new Event(251, "sh"));
    }

    @Test
    void whoAsksIsToldTheCpu() {
        List<String> seen = new ArrayList<>();
        EventHandler<Event> handler = (cpu, e) -> seen.add(cpu + " " + e.at());
        Route route = route(handler, false, true);
        route.getOwnLoop();
        sample(7, 28);
        assertThat(drain(route, handler, true)).isEqualTo(1);
        assertThat(seen).containsExactly("3 7");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEventThatIsTooShortIsSaidToBe(boolean own) {
        Consumer<Event> handler = e -> {};
        Route route = route(handler, false, false);
        if (own) {
            route.getOwnLoop();
        }
        sample(1, 20);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> drain(route, handler, false))
                .withMessage("buffer: an event of 20 bytes is too short for struct event, which takes 24");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatARecordOrAHandlerThrowsReachesTheReader(boolean own) {
        Consumer<Event> handler = e -> {
            throw new UnsupportedOperationException("handler");
        };
        Route route = route(handler, false, false);
        if (own) {
            route.getOwnLoop();
        }
        sample(13, 28);
        sample(14, 28);
        assertThatIllegalStateException()
                .isThrownBy(() -> drain(route, handler, false))
                .withMessage("no 13");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> drain(route, handler, false))
                .withMessage("handler");
        assertThat(drain(route, handler, false)).isZero();
    }

    @Test
    void aRouteThatIsMuchUsedGetsItsOwnLoopByItself() {
        long[] sum = new long[1];
        Consumer<Event> handler = e -> sum[0] += e.at();
        Route route = route(handler, false, false);
        long expected = 0;
        for (int i = 0; i < Route.MANY; i++) {
            sample(i % 10, 28);
            expected += i % 10;
            drain(route, handler, false);
        }
        for (int i = 0; i < 10_000 && !route.hasOwnLoop(); i++) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(route.hasOwnLoop()).isTrue();
        assertThat(sum[0]).isEqualTo(expected);
    }

    @Test
    void handlersOfVeryManyClassesAreServedToo() throws Exception {
        int[] calls = new int[1];
        for (int i = 0; i < 40; i++) { // of a class each
            ClassLoader apart = new ClassLoader(RawEventHandler.class.getClassLoader()) {};
            RawEventHandler handler = (RawEventHandler) Proxy.newProxyInstance(
                    apart, new Class<?>[] {RawEventHandler.class}, (proxy, method, arguments) -> {
                        calls[0]++;
                        return null;
                    });
            sample(i, 28);
            assertThat(routes.ofBytes(handler).drain(ring, Integer.MAX_VALUE)).isEqualTo(1);
        }
        assertThat(calls[0]).isEqualTo(40);
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.type.Unsigned;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What functions, constructors and accessors throw that a table calls reaches the caller as it is, and the table stays as it was. */
@Tag("native")
@Timeout(60)
class ThrowingTableCallbackTest {
    private final BPF bpf = BPF.fromSource("""
            struct key { u32 n; };
            struct state { u64 n; };
            BPF_HASH(table, u32, u64);
            BPF_HASH(keyed, struct key, u64);
            BPF_ARRAY(states, struct state, 1);
            """);

    @AfterEach
    void close() {
        bpf.close();
    }

    record State(long n) {}

    /** Its constructor refuses number 1. */
    record Picky(long n) {
        Picky {
            if (n == 1) {
                throw new UnsupportedOperationException("not 1");
            }
        }
    }

    private static void fail(Throwable thrown) {
        ThrowingCallbackTest.fail(thrown);
    }

    private interface Use {
        void of(BpfHash<Integer, Long> table, Throwable thrown) throws Throwable;
    }

    private static <T> T failing(Throwable thrown) {
        fail(thrown);
        return null;
    }

    @Test
    void ofATablesFunctions() throws Throwable {
        BpfHash<Integer, Long> table = bpf.hash("table", Integer.class, Long.class);
        Map<Integer, Long> before = Map.of(1, 10L, 2, 20L, 3, 30L);
        table.putAll(before);
        List<Use> uses = List.of(
                (t, x) -> t.forEach((k, v) -> fail(x)),
                (t, x) -> t.forEachLong((k, v) -> fail(x)),
                (t, x) -> t.keySet().removeIf(k -> failing(x)),
                (t, x) -> t.entrySet().stream().map(e -> failing(x)).count(),
                (t, x) -> t.values().forEach(v -> fail(x)),
                (t, x) -> t.reduced(v -> failing(x)).get(1),
                (t, x) -> t.reduced(v -> failing(x)).forEach((k, v) -> {}),
                (t, x) -> t.snapshot().map(v -> failing(x)),
                (t, x) -> t.computeIfAbsent(4, k -> failing(x)),
                (t, x) -> t.computeIfPresent(1, (k, v) -> failing(x)),
                (t, x) -> t.compute(2, (k, v) -> failing(x)),
                (t, x) -> t.merge(3, 1L, (a, b) -> failing(x)),
                (t, x) -> t.replaceAll((k, v) -> failing(x)));
        for (Throwable thrown : ThrowingCallbackTest.THROWN) {
            for (Use use : uses) {
                assertThat(catchThrowable(() -> use.of(table, thrown))).isSameAs(thrown);
                assertThat(table.snapshot().entries()).isEqualTo(before);
            }
        }
        table.replaceAll((k, v) -> v + 1);
        assertThat(CompletableFuture.supplyAsync(() -> table.snapshot().entries())
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo(Map.of(1, 11L, 2, 21L, 3, 31L));
    }

    /** Its accessor refuses 13. */
    record Key(@Unsigned int n) {
        @Override
        public int n() {
            if (n == 13) {
                throw new UnsupportedOperationException("not 13");
            }
            return n;
        }
    }

    @Test
    void ofWhatIsWrittenIntoATable() {
        BpfArray<Picky> states = bpf.array("states", Picky.class);
        BpfHash<Key, Long> keyed = bpf.hash("keyed", Key.class, Long.class);
        Key bad = new Key(13);
        for (ThrowableAssert.ThrowingCallable use : List.<ThrowableAssert.ThrowingCallable>of(
                () -> keyed.put(bad, 1L),
                () -> keyed.get(bad),
                () -> keyed.remove(bad),
                () -> keyed.containsKey(bad),
                () -> keyed.putIfAbsent(bad, 1L),
                () -> keyed.deleteAll(List.of(new Key(1), bad)),
                () -> keyed.putAll(Collections.singletonMap(bad, 1L)))) {
            assertThatThrownBy(use)
                    .isExactlyInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("not 13");
            assertThat(keyed.isEmpty()).isTrue();
            keyed.put(new Key(1), 5L);
            assertThat(keyed.remove(new Key(1))).isEqualTo(5);
        }
        bpf.array("states", State.class).set(0, new State(1));
        assertThatThrownBy(() -> states.get(0)).isExactlyInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(states::snapshot).isExactlyInstanceOf(UnsupportedOperationException.class);
        bpf.array("states", State.class).set(0, new State(2));
        assertThat(states.get(0)).isEqualTo(new Picky(2));
    }
}

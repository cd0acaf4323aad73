package io.github.bcc4j.junit.assertj;

import io.github.bcc4j.junit.Recording;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/**
 * Assertions on collected events: those that are kept, in the order in which they were read. Failures show them, how many there were in
 * all, and how many were lost.
 *
 * @param <E> the type of the events, or of what was extracted from them
 */
@SuppressWarnings("varargs") // they are only read
public final class RecordingAssert<E> extends EventualAssert<RecordingAssert<E>, Recording<?>, List<E>> {
    private final Function<List<?>, List<E>> view;

    private RecordingAssert(Recording<?> actual, Function<List<?>, List<E>> view) {
        super(actual, RecordingAssert.class);
        this.view = view;
    }

    @SuppressWarnings("unchecked") // a recording of E gives lists of E
    static <E> RecordingAssert<E> of(Recording<E> actual) {
        return new RecordingAssert<>(actual, events -> (List<E>) events);
    }

    @Override
    List<E> look() {
        return view.apply(actual.events());
    }

    @Override
    boolean await(Duration time, Predicate<List<E>> condition) {
        return actual.await(time, events -> condition.test(view.apply(events)));
    }

    private RecordingAssert<E> check(Consumer<ListAssert<E>> check) {
        return eventually(events -> check.accept(Assertions.assertThat(events).as(about(actual.toString()))));
    }

    /**
     * Looks at some of the events only.
     *
     * @param which those that are looked at; it may be asked any number of times
     * @return assertions on those
     */
    public RecordingAssert<E> filteredOn(Predicate<? super E> which) {
        return new RecordingAssert<E>(
                        actual,
                        events -> view.apply(events).stream().filter(which).toList())
                .sameTime(this)
                .as(descriptionText());
    }

    /**
     * Looks at something of each event.
     *
     * @param function what; it may be asked any number of times
     * @param <R> its type
     * @return assertions on that
     */
    public <R> RecordingAssert<R> extracting(Function<? super E, ? extends R> function) {
        return new RecordingAssert<R>(
                        actual,
                        events -> view.apply(events).stream().<R>map(function).toList())
                .sameTime(this)
                .as(descriptionText());
    }

    /**
     * There are these events, once at least, in any order, whatever else there is.
     *
     * @param events those
     * @return this
     */
    @SafeVarargs
    public final RecordingAssert<E> contains(E... events) {
        return check(a -> a.containsAll(Arrays.asList(events)));
    }

    /**
     * There are these events in this order and no others.
     *
     * @param events those
     * @return this
     */
    @SafeVarargs
    public final RecordingAssert<E> containsExactly(E... events) {
        return check(a -> a.containsExactlyElementsOf(Arrays.asList(events)));
    }

    /**
     * There are these events, each as often as here, and no others.
     *
     * @param events those
     * @return this
     */
    @SafeVarargs
    public final RecordingAssert<E> containsExactlyInAnyOrder(E... events) {
        return check(a -> a.containsExactlyInAnyOrderElementsOf(Arrays.asList(events)));
    }

    /**
     * There are these events one right after the other.
     *
     * @param events those
     * @return this
     */
    @SafeVarargs
    public final RecordingAssert<E> containsSequence(E... events) {
        return check(a -> a.containsSequence(Arrays.asList(events)));
    }

    /**
     * There is none of these events so far: what follows a workload that has ended, this does not wait.
     *
     * @param events those
     * @return this
     */
    @SafeVarargs
    public final RecordingAssert<E> doesNotContain(E... events) {
        return check(a -> a.doesNotContainAnyElementsOf(Arrays.asList(events)));
    }

    /**
     * There is an event that fits.
     *
     * @param which what it has to fit
     * @return this
     */
    public RecordingAssert<E> anyMatch(Predicate<? super E> which) {
        return check(a -> a.anyMatch(which));
    }

    /**
     * Each event fits.
     *
     * @param which what they have to fit
     * @return this
     */
    public RecordingAssert<E> allMatch(Predicate<? super E> which) {
        return check(a -> a.allMatch(which));
    }

    /**
     * There are so many events.
     *
     * @param count how many are kept and looked at
     * @return this
     */
    public RecordingAssert<E> hasCount(int count) {
        return check(a -> a.hasSize(count));
    }

    /**
     * There are so many events or more.
     *
     * @param count how many at least
     * @return this
     */
    public RecordingAssert<E> hasCountOfAtLeast(int count) {
        return check(a -> a.hasSizeGreaterThanOrEqualTo(count));
    }

    /**
     * There is no event so far.
     *
     * @return this
     */
    public RecordingAssert<E> isEmpty() {
        return check(ListAssert::isEmpty);
    }

    /**
     * The list of events fits any other assertions.
     *
     * @param assertions are given the events, again each time there are more
     * @return this
     */
    public RecordingAssert<E> eventsSatisfy(Consumer<? super List<E>> assertions) {
        return eventually(assertions::accept);
    }

    /**
     * The kernel had room for all events, and all are still kept.
     *
     * @return this
     */
    public RecordingAssert<E> noneLost() {
        hasLost(0);
        if (actual.dropped() > 0) {
            failWithMessage("%s", actual + ": those no longer kept are lost to this test: give @Events more capacity");
        }
        return this;
    }

    /**
     * The kernel had no room for so many events.
     *
     * @param count how many
     * @return this
     */
    public RecordingAssert<E> hasLost(long count) {
        isNotNull();
        OptionalLong lost = actual.lost();
        if (lost.isEmpty()) {
            failWithMessage(
                    "%s",
                    actual
                            + ": the kernel does not count what a ring buffer has no room for; let the program count it, and"
                            + " name its array in @Events(lost = ...)");
        }
        if (lost.getAsLong() != count) {
            failWithMessage("%s", actual + ", but expected " + count + " lost");
        }
        return this;
    }
}

package io.github.bcc4j.junit;

import io.github.bcc4j.junit.GuestEvent.Kind;
import io.github.bcc4j.junit.GuestResult.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the events of a guest into results, one for each test it knew of, whatever became of the guest. */
final class GuestReport {
    private final Map<String, GuestEvent> known = new LinkedHashMap<>();
    private final Map<String, GuestEvent> ends = new HashMap<>();
    private final Set<String> started = new HashSet<>();
    private boolean complete;

    GuestReport(String lines) {
        int from = 0;
        while (from < lines.length()) {
            int end = lines.indexOf('\n', from);
            int to = end < 0 ? lines.length() : end + 1;
            GuestEvent.parse(lines.substring(from, to)).ifPresent(this::add);
            from = to;
        }
    }

    private void add(GuestEvent event) {
        switch (event.kind()) {
            case TEST, CONTAINER -> known.putIfAbsent(event.id(), event);
            case STARTED -> started.add(event.id());
            case END -> complete = true;
            case PASSED, FAILED, ABORTED, SKIPPED -> ends.put(event.id(), event);
            case OUT, ERR, ENTRY -> {}
        }
    }

    /** Whether the guest came to the end of its tests. */
    boolean isComplete() {
        return complete;
    }

    boolean isEmpty() {
        return results("").isEmpty();
    }

    /** The results; what has none is lost, for the reason given. */
    List<GuestResult> results(String whyLost) {
        List<GuestResult> results = new ArrayList<>();
        for (GuestEvent event : known.values()) {
            Optional<GuestEvent> end = Optional.ofNullable(ends.get(event.id()));
            if (event.kind() == Kind.TEST) {
                results.add(end.map(e -> ended(event, e)).orElseGet(() -> unended(event, whyLost)));
            } else if (end.isPresent() && end.get().kind() == Kind.FAILED) {
                results.add(ended(event, end.get()));
            }
        }
        return List.copyOf(results);
    }

    private GuestResult ended(GuestEvent test, GuestEvent end) {
        Status status = switch (end.kind()) {
            case PASSED -> Status.PASSED;
            case FAILED -> Status.FAILED;
            default -> Status.SKIPPED;
        };
        return result(test, status, Duration.ofMillis(end.millis()), end.text().getFirst());
    }

    /** A test without an end of its own shares that of the nearest container which has one. */
    private GuestResult unended(GuestEvent test, String whyLost) {
        for (GuestEvent up = parent(test); up != null; up = parent(up)) {
            GuestEvent end = ends.get(up.id());
            if (end != null && end.kind() != Kind.PASSED) {
                return end.kind() == Kind.FAILED
                        ? result(test, Status.FAILED, Duration.ZERO, "did not run: " + name(up) + " failed")
                        : result(test, Status.SKIPPED, Duration.ZERO, end.text().getFirst());
            }
        }
        String detail = started.contains(test.id())
                ? "was running when the guest was lost: " + whyLost
                : "did not run: " + whyLost.lines().findFirst().orElse("");
        return result(test, Status.LOST, Duration.ZERO, detail);
    }

    private GuestResult result(GuestEvent test, Status status, Duration duration, String detail) {
        LinkedList<String> path = new LinkedList<>();
        for (GuestEvent up = parent(test); up != null && parent(up) != null; up = parent(up)) {
            path.addFirst(name(up));
        }
        return new GuestResult(test.id(), path, name(test), status, duration, detail);
    }

    private GuestEvent parent(GuestEvent event) {
        return known.get(event.text().getFirst());
    }

    private static String name(GuestEvent event) {
        return event.text().get(1);
    }
}

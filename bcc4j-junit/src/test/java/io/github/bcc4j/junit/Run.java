package io.github.bcc4j.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Sample classes run inside of a test, and what a user would read of them. */
final class Run {
    private Run() {}

    static EngineExecutionResults of(Class<?> sample) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(sample))
                .execute();
    }

    /** The one failure there is, of a test or of a class. */
    static Throwable failure(EngineExecutionResults results) {
        List<Throwable> failures = results.allEvents().finished().stream()
                .map(e -> e.getRequiredPayload(TestExecutionResult.class))
                .filter(r -> r.getStatus() == TestExecutionResult.Status.FAILED)
                .map(r -> r.getThrowable().orElseThrow())
                .toList();
        if (failures.size() != 1) {
            throw new AssertionError("there is not one failure: " + failures);
        }
        return failures.getFirst();
    }

    /** Why the one test or class that was skipped was so. */
    static String reasonOfSkip(EngineExecutionResults results) {
        List<Event> skipped = results.allEvents().skipped().list();
        if (skipped.size() != 1) {
            throw new AssertionError("there is not one that was skipped: " + skipped);
        }
        return skipped.getFirst().getRequiredPayload(String.class);
    }

    /** Runs a class of which all tests pass, and leave nothing behind. */
    static void passes(Class<?> sample, int tests) {
        EngineExecutionResults results = of(sample);
        results.allEvents().failed().stream()
                .map(e -> e.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .forEach(e -> {
                    throw new AssertionError("a sample has failed", e);
                });
        results.testEvents().assertStatistics(s -> s.started(tests).succeeded(tests));
    }

    /** All failures of tests, by method. */
    static Map<String, Throwable> failures(EngineExecutionResults results) {
        return results.testEvents().failed().stream()
                .collect(Collectors.toMap(
                        e -> e.getTestDescriptor().getDisplayName().replaceAll("\\(.*", ""),
                        e -> e.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .orElseThrow()));
    }

    /** All report entries. */
    static Map<String, String> reports(EngineExecutionResults results) {
        Map<String, String> all = new HashMap<>();
        results.allEvents().reportingEntryPublished().stream()
                .map(e -> e.getRequiredPayload(ReportEntry.class))
                .forEach(r -> all.putAll(r.getKeyValuePairs()));
        return all;
    }
}

package io.github.bcc4j.junit;

import io.github.bcc4j.BpfLink;
import io.github.bcc4j.diagnostic.VerifierException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an experiment knows about its failure: the verifier's log if that refused a program, what was attached, and of each recording how
 * many events there were, how many were lost, and the last ones. Suppressed exception of the failure of a {@link BpfTest}, so that it is
 * printed with it; it has no stack trace of its own.
 */
public final class ExperimentReport extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** By heading. */
    private final LinkedHashMap<String, String> parts;

    private ExperimentReport(LinkedHashMap<String, String> parts) {
        super(
                parts.entrySet().stream()
                        .map(p -> System.lineSeparator() + p.getKey() + ": " + p.getValue())
                        .collect(Collectors.joining()),
                null,
                false,
                false);
        this.parts = parts;
    }

    /** The report on a failure, with what was running if anything was. */
    static ExperimentReport on(Throwable failure, Experiment experiment, int lastEvents) {
        LinkedHashMap<String, String> parts = new LinkedHashMap<>();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof VerifierException refusal) {
                parts.put(
                        "verifier log of " + refusal.programName(),
                        indented(refusal.log().lines().toList()));
            }
        }
        if (experiment != null) {
            experiment
                    .attached()
                    .ifPresent(links -> parts.put(
                            "attached",
                            links.isEmpty()
                                    ? "nothing"
                                    : indented(links.stream()
                                            .map(BpfLink::toString)
                                            .toList())));
            experiment.recordings().forEach(r -> parts.put("recorded " + r.name(), describe(r, lastEvents)));
        }
        return new ExperimentReport(parts);
    }

    private static String describe(Recording<?> recording, int lastEvents) {
        List<?> events;
        try {
            events = recording.events();
        } catch (RuntimeException e) {
            return recording + "; " + e.getMessage();
        }
        List<?> last = events.subList(Math.max(0, events.size() - lastEvents), events.size());
        return recording
                + (last.isEmpty() ? "" : last.size() == events.size() ? "; these:" : "; the last " + last.size() + ":")
                + indented(last.stream().map(String::valueOf).toList());
    }

    private static String indented(List<String> lines) {
        return lines.stream().map(l -> System.lineSeparator() + "  " + l).collect(Collectors.joining());
    }

    /**
     * What is known, also published as report entries of the test.
     *
     * @return text by heading, in this order: {@code verifier log of F}, {@code attached}, {@code recorded NAME}
     */
    public Map<String, String> parts() {
        return Collections.unmodifiableMap(parts);
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.kernel.KernelTarget;
import io.github.bcc4j.kernel.KernelVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The format files of the tracepoints that a text names, from this machine's tracing file system. One that can't be read is an error only
 * if the text can't do without: it may be named in a part that the preprocessor leaves out.
 */
final class TracepointFormats {
    private final KernelTarget target;
    private boolean guessed;
    private final Map<String, String> found = new LinkedHashMap<>();
    private final Map<String, BpfException> missing = new LinkedHashMap<>();

    TracepointFormats(KernelTarget target) {
        this.target = target;
    }

    /** Reads more of them; whether any that was not there before is there now. */
    boolean want(Collection<String> tracepoints) {
        int before = found.size();
        for (String tracepoint : tracepoints) {
            if (!found.containsKey(tracepoint) && !missing.containsKey(tracepoint)) {
                String[] parts = tracepoint.split("/");
                try {
                    found.put(tracepoint, format(parts[0], parts[1]));
                } catch (BpfException e) {
                    missing.put(tracepoint, e);
                }
            }
        }
        return found.size() > before;
    }

    /** Name, then text, in turn. */
    List<String> list() {
        List<String> list = new ArrayList<>();
        found.forEach((name, text) -> list.addAll(List.of(name, text)));
        return list;
    }

    /** The tracepoints whose argument structs an exception says are missed. */
    static Set<String> missed(CompileException e) {
        return SourceText.tracepoints(said(e).map(Diagnostic::message).collect(Collectors.joining("\n")));
    }

    private static Stream<Diagnostic> said(CompileException e) {
        return e.diagnostics().stream().flatMap(d -> Stream.concat(Stream.of(d), d.notes().stream()));
    }

    /** An exception that says first which of the tracepoints that it misses could not be read, and why. */
    CompileException explain(CompileException e) {
        List<Diagnostic> reasons = new ArrayList<>();
        Optional<String> hint = Optional.empty();
        for (String tracepoint : missed(e)) {
            BpfException reason = missing.get(tracepoint);
            if (reason != null) {
                Diagnostic where = said(e).filter(
                                d -> d.message().contains("tracepoint__" + tracepoint.replace("/", "__")))
                        .findFirst()
                        .orElseThrow();
                String message = reason.getMessage().lines().findFirst().orElseThrow();
                reasons.add(new Diagnostic(
                        Stage.SETUP,
                        Severity.FATAL,
                        where.file(),
                        where.line(),
                        where.column(),
                        message,
                        "",
                        List.of()));
                hint = hint.or(reason::hint);
            }
        }
        if (reasons.isEmpty()) {
            return e;
        }
        List<Diagnostic> all =
                Stream.concat(reasons.stream(), e.diagnostics().stream()).toList();
        return new CompileException(
                reasons.getFirst().message() + ":\n" + CompileFailure.listing(all), hint.orElse(null), all);
    }

    /** Of a kernel that nothing is known of, the running one's fields are as good a guess as there is. */
    private String format(String category, String name) {
        try {
            return target.tracepointFormat(category, name);
        } catch (BpfException e) {
            if (target.isRunning() || target.knowsTracepoints()) {
                throw e;
            }
            guessed = true;
            return Probes.tracepointFormat(category, name);
        }
    }

    /** All that were looked for, found or not; nothing if some are another kernel's. */
    Optional<Set<String>> wanted() {
        Set<String> all = new TreeSet<>(found.keySet());
        all.addAll(missing.keySet());
        return guessed ? Optional.empty() : Optional.of(all);
    }

    /** The files' texts. */
    Collection<String> texts() {
        return found.values();
    }

    /** What is doubtful about a module made with them. */
    List<Diagnostic> doubts() {
        if (!guessed) {
            return List.of();
        }
        String message = "the fields of " + String.join(", ", found.keySet()).replace('/', ':')
                + " are those of the running kernel " + KernelVersion.current() + ", and may be elsewhere in "
                + target.release();
        return List.of(new Diagnostic(Stage.SETUP, Severity.WARNING, "", 0, 0, message, "", List.of()));
    }
}

package io.github.bcc4j.junit;

import io.github.bcc4j.junit.GuestEvent.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Writes each event at once, in the guest: what was reported survives a kernel's crash. */
final class GuestReporter implements TestExecutionListener {
    private final OutputStream report;
    private final Map<String, Long> startedAt = new ConcurrentHashMap<>();

    GuestReporter(OutputStream report) {
        this.report = report;
    }

    private void write(Kind kind, String id, long millis, String... text) {
        write(new GuestEvent(kind, id, List.of(text), millis));
    }

    private synchronized void write(GuestEvent event) {
        try {
            report.write(event.toLine().getBytes(StandardCharsets.UTF_8));
            report.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A stream for what tests print: each line, and each piece that is flushed, is an event. */
    PrintStream printing(Kind kind) {
        return new PrintStream(
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] bytes, int offset, int length) {
                        super.write(bytes, offset, length);
                        if (length > 0 && (bytes[offset + length - 1] == '\n' || size() > 8192)) {
                            flush();
                        }
                    }

                    @Override
                    public synchronized void flush() {
                        if (size() > 0) {
                            String text = toString(StandardCharsets.UTF_8);
                            reset();
                            GuestReporter.this.write(kind, "", 0, text);
                        }
                    }
                },
                false,
                StandardCharsets.UTF_8);
    }

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        plan.getRoots().forEach(root -> known(plan, root));
    }

    private void known(TestPlan plan, TestIdentifier identifier) {
        dynamicTestRegistered(identifier);
        plan.getChildren(identifier).forEach(child -> known(plan, child));
    }

    @Override
    public void dynamicTestRegistered(TestIdentifier identifier) {
        write(
                identifier.isTest() ? Kind.TEST : Kind.CONTAINER,
                identifier.getUniqueId(),
                0,
                identifier.getParentId().orElse(""),
                identifier.getDisplayName(),
                identifier.getLegacyReportingName());
    }

    @Override
    public void executionStarted(TestIdentifier identifier) {
        startedAt.put(identifier.getUniqueId(), System.nanoTime());
        write(Kind.STARTED, identifier.getUniqueId(), 0);
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        write(Kind.SKIPPED, identifier.getUniqueId(), 0, reason);
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        System.out.flush();
        System.err.flush();
        long millis = (System.nanoTime() - startedAt.get(identifier.getUniqueId())) / 1_000_000;
        Kind kind = switch (result.getStatus()) {
            case SUCCESSFUL -> Kind.PASSED;
            case ABORTED -> Kind.ABORTED;
            case FAILED -> Kind.FAILED;
        };
        Throwable thrown = result.getThrowable().orElse(null);
        if (thrown == null) {
            write(kind, identifier.getUniqueId(), millis, "");
        } else if (kind == Kind.ABORTED) {
            write(kind, identifier.getUniqueId(), millis, String.valueOf(thrown.getMessage()));
        } else {
            write(kind, identifier.getUniqueId(), millis, stackTrace(thrown), serialized(thrown));
        }
    }

    @Override
    public void reportingEntryPublished(TestIdentifier identifier, ReportEntry entry) {
        List<String> words = new ArrayList<>();
        entry.getKeyValuePairs().forEach((key, value) -> words.addAll(Arrays.asList(key, value)));
        write(new GuestEvent(Kind.ENTRY, identifier.getUniqueId(), words, 0));
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        write(Kind.END, "", 0);
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    /** The exception in base 64; empty if it, or something that it holds, can't be written. */
    private static String serialized(Throwable thrown) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown);
        } catch (IOException | RuntimeException notSerializable) {
            return "";
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}

package io.github.bcc4j.junit;

import io.github.bcc4j.junit.GuestEvent.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The program that {@link GuestTests} runs in the guest: executes tests and reports each step as it happens. */
public final class GuestMain {
    private GuestMain() {}

    /**
     * Runs tests.
     *
     * @param args the report's file; then any number of {@code class=NAME}, {@code package=NAME}, {@code method=NAME},
     *     {@code tag=EXPRESSION}
     * @throws IOException if the report can't be written
     */
    public static void main(String[] args) throws IOException {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        List<DiscoverySelector> selectors = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        for (String arg : List.of(args).subList(1, args.length)) {
            String value = arg.substring(arg.indexOf('=') + 1);
            switch (arg.substring(0, arg.indexOf('='))) {
                case "class" -> selectors.add(DiscoverySelectors.selectClass(value));
                case "package" -> selectors.add(DiscoverySelectors.selectPackage(value));
                case "method" -> selectors.add(DiscoverySelectors.selectMethod(value));
                case "tag" -> tags.add(value);
                default -> throw new IllegalArgumentException(arg);
            }
        }
        request.selectors(selectors);
        if (!tags.isEmpty()) {
            request.filters(TagFilter.includeTags(tags));
        }
        try (OutputStream report = Files.newOutputStream(Path.of(args[0]))) {
            LauncherFactory.create().execute(request.build(), new Reporter(report));
        }
    }

    /** Writes each event at once: what was reported survives a kernel's crash. */
    private static final class Reporter implements TestExecutionListener {
        private final OutputStream report;
        private final Map<String, Long> startedAt = new ConcurrentHashMap<>();

        Reporter(OutputStream report) {
            this.report = report;
        }

        private synchronized void write(Kind kind, String id, long millis, String... text) {
            try {
                report.write(
                        new GuestEvent(kind, id, List.of(text), millis).toLine().getBytes(StandardCharsets.UTF_8));
                report.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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
                    identifier.getDisplayName());
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
            long millis = (System.nanoTime() - startedAt.get(identifier.getUniqueId())) / 1_000_000;
            Kind kind = switch (result.getStatus()) {
                case SUCCESSFUL -> Kind.PASSED;
                case ABORTED -> Kind.ABORTED;
                case FAILED -> Kind.FAILED;
            };
            String text = result.getThrowable()
                    .map(thrown -> kind == Kind.ABORTED ? String.valueOf(thrown.getMessage()) : stackTrace(thrown))
                    .orElse("");
            write(kind, identifier.getUniqueId(), millis, text);
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
    }
}

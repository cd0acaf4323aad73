package io.github.bcc4j.junit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes by a launcher of its own, and writes down what becomes of each test. */
final class Recorder implements TestExecutionListener {
    final List<String> lines = new ArrayList<>();
    final Map<String, Throwable> thrown = new HashMap<>();
    private final List<String> open = new ArrayList<>();
    private TestPlan plan;

    static Recorder run(Class<?>... classes) {
        Recorder recorder = new Recorder();
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (Class<?> type : classes) {
            request.selectors(DiscoverySelectors.selectClass(type));
        }
        LauncherFactory.create().execute(request.build(), recorder);
        if (!recorder.open.isEmpty()) {
            throw new AssertionError("started and not finished: " + recorder.open);
        }
        return recorder;
    }

    /** For a JVM that lacks something: prints the lines and the messages. */
    public static void main(String[] classes) throws ClassNotFoundException {
        Recorder recorder = run(Class.forName(classes[0]));
        recorder.lines.forEach(System.out::println);
        recorder.thrown.values().forEach(e -> System.out.println(e.getMessage()));
    }

    /** What would run. */
    static List<String> discover(DiscoverySelector... selectors) {
        Recorder recorder = new Recorder();
        recorder.plan = LauncherFactory.create()
                .discover(LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectors)
                        .build());
        return recorder.plan.getRoots().stream()
                .flatMap(root -> recorder.plan.getDescendants(root).stream())
                .filter(test -> test.isTest() || recorder.plan.getChildren(test).isEmpty())
                .map(recorder::path)
                .toList();
    }

    /** Display names from the class on. */
    private String path(TestIdentifier test) {
        LinkedList<String> names = new LinkedList<>();
        for (TestIdentifier up = test;
                plan.getParent(up).isPresent();
                up = plan.getParent(up).orElseThrow()) {
            names.addFirst(up.getDisplayName().replace("OnKernelsSample$", ""));
        }
        return String.join(" > ", names);
    }

    private void add(TestIdentifier test, String what) {
        if (test.isTest() || !what.equals("passed")) {
            lines.add(path(test) + ": " + what);
        }
    }

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        this.plan = plan;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (!test.getParentId().map(up -> open.contains(up)).orElse(true)) {
            throw new AssertionError(path(test) + " has started before its parent");
        }
        open.add(test.getUniqueId());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        add(test, "skipped: " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (!open.remove(test.getUniqueId())) {
            throw new AssertionError(path(test) + " has finished twice, or never started");
        }
        result.getThrowable().ifPresent(e -> thrown.put(path(test), e));
        add(
                test,
                switch (result.getStatus()) {
                    case SUCCESSFUL -> "passed";
                    case ABORTED ->
                        "aborted: " + result.getThrowable().orElseThrow().getMessage();
                    case FAILED -> {
                        Throwable e = result.getThrowable().orElseThrow();
                        yield "failed: " + e.getClass().getSimpleName() + ": "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("");
                    }
                });
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        add(test, "entry " + entry.getKeyValuePairs());
    }
}

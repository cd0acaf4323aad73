package io.github.bcc4j.junit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/** Mirrors a guest's results as dynamic tests of this JVM. */
final class GuestNodes {
    private GuestNodes() {}

    /** The nodes of results whose paths agree in their first parts. */
    static List<DynamicNode> of(List<GuestResult> results, int depth) {
        Map<String, List<GuestResult>> groups = new LinkedHashMap<>();
        List<DynamicNode> nodes = new ArrayList<>();
        for (GuestResult result : results) {
            if (result.path().size() > depth) {
                groups.computeIfAbsent(result.path().get(depth), name -> new ArrayList<>())
                        .add(result);
            } else {
                nodes.add(DynamicTest.dynamicTest(result.name(), () -> replay(result)));
            }
        }
        groups.forEach((name, group) -> nodes.add(DynamicContainer.dynamicContainer(name, of(group, depth + 1))));
        return nodes;
    }

    private static void replay(GuestResult result) {
        switch (result.status()) {
            case PASSED -> {}
            case SKIPPED -> throw new TestAbortedException(result.detail());
            case FAILED, LOST -> {
                AssertionError failure = new AssertionError(result.detail());
                failure.setStackTrace(new StackTraceElement[0]); // the guest's is in the message
                throw failure;
            }
        }
    }
}

package io.github.bcc4j.junit;

import io.github.bcc4j.kernel.KernelObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;

/** Compares what this process holds in the kernel when it is made and when it is closed. */
final class LeakCheck implements AutoCloseable {
    private final String who;
    private final LeakCheck outer;
    private final List<KernelObject> before = new ArrayList<>(KernelObject.ofThisProcess());

    /** For a class or method, and, if that is within another one, the check of that. */
    LeakCheck(String who, LeakCheck outer) {
        this.who = who;
        this.outer = outer;
    }

    @Override
    public void close() {
        List<KernelObject> left = KernelObject.ofThisProcess();
        before.forEach(left::remove); // one for one
        if (!left.isEmpty()) {
            known(left);
            throw new AssertionFailedError(who + " has left behind in the kernel, still held by this process:"
                    + left.stream().map(o -> System.lineSeparator() + "  " + o).collect(Collectors.joining())
                    + System.lineSeparator() + "  hint: close each BPF, BpfLink, buffer and BpfMap that a test opens,"
                    + " by try-with-resources, or take those that @BpfTest gives");
        }
    }

    /** What was reported once is not reported again. */
    private void known(List<KernelObject> left) {
        for (LeakCheck check = outer; check != null; check = check.outer) {
            check.before.addAll(left);
        }
    }
}

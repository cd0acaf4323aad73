package io.github.bcc4j.junit;

import java.util.Set;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;

/** One class's tests on one kernel. */
final class KernelPart extends KernelNode {
    static final String SEGMENT = "kernel";

    final String kernel;
    private int memory;
    private int timeoutSeconds;

    KernelPart(UniqueId parent, String kernel, TestDescriptor guestClass) {
        super(
                parent.append(SEGMENT, kernel),
                kernel,
                "[" + kernel + "]", // so Surefire names each test after its kernel, too
                null,
                Type.CONTAINER,
                Set.copyOf(guestClass.getTags()),
                guestClass.getUniqueId().toString(),
                guestClass.mayRegisterTests());
        this.kernel = kernel;
    }

    void needs(OnKernels annotation) {
        memory = Math.max(memory, annotation.memory());
        timeoutSeconds = Math.max(timeoutSeconds, annotation.timeoutSeconds());
    }

    int memory() {
        return memory;
    }

    int timeoutSeconds() {
        return timeoutSeconds;
    }
}

package io.github.bcc4j.junit;

import java.util.Set;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.ClassSource;

/** A container or test of the tree of {@link KernelEngine}: a class, a kernel, or what stands for a node of a guest's tree. */
class KernelNode extends AbstractTestDescriptor {
    /** What became of a node. */
    enum State {
        NEW,
        STARTED,
        DONE
    }

    private final String reportName;
    private final Type type;
    private final Set<TestTag> tags;
    private final boolean grows;

    /** JUnit's id of the same in the guest. */
    final String guestId;

    State state = State.NEW;

    /** Whether its start was told. */
    boolean announced;

    /**
     * Makes a node.
     *
     * @param grows whether its children come to be known when it runs
     */
    KernelNode(
            UniqueId id,
            String name,
            String reportName,
            TestSource source,
            Type type,
            Set<TestTag> tags,
            String guestId,
            boolean grows) {
        super(id, name, source);
        this.reportName = reportName;
        this.type = type;
        this.tags = tags;
        this.guestId = guestId;
        this.grows = grows;
    }

    /** What a guest's node is here, below a parent. */
    static KernelNode of(KernelNode parent, TestDescriptor guest, String kernel) {
        return new KernelNode(
                parent.getUniqueId().append(guest.getUniqueId().getLastSegment()),
                guest.getDisplayName(),
                reportName(guest.getLegacyReportingName(), guest.getSource().orElse(null), kernel),
                guest.getSource().orElse(null),
                guest.getType(),
                Set.copyOf(guest.getTags()),
                guest.getUniqueId().toString(),
                guest.mayRegisterTests());
    }

    /** The name in reports, where a method of several kernels would be the same; classes keep theirs. */
    static String reportName(String name, TestSource source, String kernel) {
        return source instanceof ClassSource ? name : name + "[" + kernel + "]";
    }

    /** Whether it is asked for as a whole: a test, or what makes its tests when it runs. */
    boolean isAskedFor() {
        return isTest() || grows;
    }

    @Override
    public String getLegacyReportingName() {
        return reportName;
    }

    @Override
    public Type getType() {
        return type;
    }

    @Override
    public Set<TestTag> getTags() {
        return tags;
    }

    @Override
    public boolean mayRegisterTests() {
        return grows;
    }
}

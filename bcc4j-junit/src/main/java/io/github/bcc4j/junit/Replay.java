package io.github.bcc4j.junit;

import io.github.bcc4j.junit.GuestEvent.Kind;
import io.github.bcc4j.junit.KernelNode.State;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.reporting.ReportEntry;
import org.opentest4j.TestAbortedException;

/** Turns the events of guests into those of one part of the host's tree, whatever becomes of the guests. Used by one thread. */
final class Replay {
    private final KernelPart part;
    private final Consumer<Consumer<EngineExecutionListener>> listener;
    private final Map<String, KernelNode> nodes = new HashMap<>();

    /**
     * Begins with all to do.
     *
     * @param listener runs each action, once and in their order, maybe later
     */
    Replay(KernelPart part, Consumer<Consumer<EngineExecutionListener>> listener) {
        this.part = part;
        this.listener = listener;
        part.accept(node -> nodes.put(((KernelNode) node).guestId, (KernelNode) node));
    }

    /** What the guest is to be asked for: what has not begun. */
    List<String> toDo() {
        return leaves(part)
                .filter(leaf -> leaf.state == State.NEW && up(leaf).noneMatch(node -> node.state == State.DONE))
                .map(leaf -> leaf.guestId)
                .toList();
    }

    private static Stream<KernelNode> leaves(KernelNode node) {
        return node.isAskedFor()
                ? Stream.of(node)
                : node.getChildren().stream().map(KernelNode.class::cast).flatMap(Replay::leaves);
    }

    private static Stream<KernelNode> up(KernelNode node) {
        return Stream.iterate(
                        Optional.<TestDescriptor>of(node),
                        Optional::isPresent,
                        n -> n.orElseThrow().getParent())
                .map(Optional::orElseThrow)
                .filter(KernelNode.class::isInstance)
                .map(KernelNode.class::cast);
    }

    void on(GuestEvent event) {
        KernelNode node = nodes.get(event.id());
        switch (event.kind()) {
            case TEST, CONTAINER -> known(node, event);
            case STARTED -> start(node);
            case PASSED -> finish(node, TestExecutionResult.successful());
            case FAILED -> finish(node, TestExecutionResult.failed(thrown(event.text())));
            case ABORTED ->
                finish(
                        node,
                        TestExecutionResult.aborted(
                                new TestAbortedException(event.text().getFirst())));
            case SKIPPED -> skip(node, event.text().getFirst());
            case OUT, ERR -> print(event);
            case ENTRY -> publish(node, event.text());
            case END -> {}
        }
    }

    /** A test that came to be known in the guest, while what makes it ran. */
    private void known(KernelNode node, GuestEvent event) {
        KernelNode parent = nodes.get(event.text().getFirst());
        if (node != null || parent == null) {
            return; // found here, too; or the engine itself
        }
        UniqueId id = parent.getUniqueId().append(UniqueId.parse(event.id()).getLastSegment());
        TestSource source = parent.getSource().orElse(null);
        KernelNode child = new KernelNode(
                id,
                event.text().get(1),
                KernelNode.reportName(event.text().get(2), source, part.kernel),
                source,
                event.kind() == Kind.TEST ? TestDescriptor.Type.TEST : TestDescriptor.Type.CONTAINER,
                Set.of(),
                event.id(),
                event.kind() == Kind.CONTAINER);
        parent.addChild(child);
        nodes.put(event.id(), child);
        listener.accept(to -> to.dynamicTestRegistered(child));
    }

    private void start(KernelNode node) {
        if (node != null && node.state == State.NEW) {
            if (node != part) {
                start((KernelNode) node.getParent().orElseThrow());
            }
            node.state = State.STARTED;
            if (!node.announced) {
                node.announced = true;
                listener.accept(to -> to.executionStarted(node));
            }
        }
    }

    private void finish(KernelNode node, TestExecutionResult result) {
        if (node != null && node.state != State.DONE) {
            start(node);
            node.state = State.DONE;
            listener.accept(to -> to.executionFinished(node, result));
        }
    }

    private void skip(KernelNode node, String reason) {
        if (node != null && node.state == State.NEW) {
            node.state = State.DONE;
            listener.accept(to -> to.executionSkipped(node, reason));
        }
    }

    /** Prints what the guest printed. */
    private void print(GuestEvent event) {
        String text = event.text().getFirst();
        listener.accept(to -> (event.kind() == Kind.OUT ? System.out : System.err).print(text));
    }

    private void publish(KernelNode node, List<String> words) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            entries.put(words.get(i), words.get(i + 1));
        }
        if (node != null) {
            listener.accept(to -> to.reportingEntryPublished(node, ReportEntry.from(entries)));
        }
    }

    /** The guest's exception itself if it can be read, else one with its text. */
    private static Throwable thrown(List<String> text) {
        if (text.size() > 1 && !text.get(1).isEmpty()) {
            byte[] bytes = Base64.getDecoder().decode(text.get(1));
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                return (Throwable) in.readObject();
            } catch (IOException | ClassNotFoundException | RuntimeException unreadable) {
                // then its text
            }
        }
        AssertionError failure = new AssertionError(text.getFirst());
        failure.setStackTrace(new StackTraceElement[0]); // the guest's is in the message
        return failure;
    }

    /**
     * The guest is lost: what it ran fails, or what it was setting up. The rest remains to do.
     *
     * @param why what became of it
     */
    void lost(VmException why) {
        failWithMakers(started().findFirst().orElse(part), why);
    }

    /**
     * The guest is lost, and not by what it ran, which is to do again.
     *
     * @return whether it can be asked for
     */
    boolean forget() {
        Optional<KernelNode> test = started()
                .findFirst()
                .filter(node -> node.isTest() && leaves(part).anyMatch(node::equals));
        test.ifPresent(node -> node.state = State.NEW);
        return test.isPresent();
    }

    /** What has started and not ended, the innermost first. */
    private Stream<KernelNode> started() {
        return nodes.values().stream()
                .filter(node -> node.state == State.STARTED)
                .sorted(Comparator.comparing((KernelNode node) -> up(node).count())
                        .reversed());
    }

    /** Fails a node and what made it: nobody makes the others that it would have made. */
    private void failWithMakers(KernelNode node, VmException why) {
        finish(node, TestExecutionResult.failed(why));
        node.getParent()
                .filter(parent -> parent instanceof KernelNode maker && maker.mayRegisterTests())
                .ifPresent(parent -> failWithMakers((KernelNode) parent, why));
    }

    /** Nothing more can run. */
    void fail(VmException why) {
        started().toList().forEach(node -> finish(node, TestExecutionResult.failed(why)));
        finish(part, TestExecutionResult.failed(why));
    }

    /** All has run that the guest knows of. */
    void complete() {
        List<KernelNode> missing = leaves(part)
                .filter(leaf -> up(leaf).allMatch(node -> node.state != State.DONE))
                .toList();
        for (KernelNode leaf : missing) {
            finish(
                    leaf,
                    TestExecutionResult.failed(new AssertionError("JUnit in the guest did not run " + leaf.guestId)));
        }
        started()
                .toList()
                .forEach(node -> finish(node, TestExecutionResult.successful())); // whose last test took a guest along
        finish(part, TestExecutionResult.successful());
    }
}

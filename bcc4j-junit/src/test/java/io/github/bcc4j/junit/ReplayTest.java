package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.bcc4j.junit.GuestEvent.Kind;
import io.github.bcc4j.junit.VmException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/** What is told of guests that end at awkward moments, which real ones rarely choose. */
class ReplayTest {
    private static final VmException WHY = new VmException(Reason.PANIC, "softlockup", null);

    private final List<String> told = new ArrayList<>();
    private final EngineExecutionListener listener = new EngineExecutionListener() {
        @Override
        public void executionStarted(TestDescriptor test) {
            told.add("started " + test.getDisplayName());
        }

        @Override
        public void executionFinished(TestDescriptor test, TestExecutionResult result) {
            told.add(test.getDisplayName() + " " + result.getStatus()
                    + result.getThrowable().map(e -> ": " + e.getMessage()).orElse(""));
        }
    };

    private Replay replay(Class<?> type) {
        TestDescriptor root = new KernelEngine()
                .discover(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(type))
                                .build(),
                        UniqueId.forEngine(KernelEngine.ID));
        TestDescriptor node = root.getChildren().iterator().next();
        return new Replay((KernelPart) node.getChildren().iterator().next(), action -> action.accept(listener));
    }

    private static String id(Class<?> type, String more) {
        return "[engine:junit-jupiter]/[class:" + type.getName() + "]" + more;
    }

    private static void on(Replay replay, Kind kind, String id) {
        replay.on(new GuestEvent(kind, id, List.of(""), 0));
    }

    @Test
    void aTestThatIsNotToBlameRunsAgainAndStartsOnce() {
        Replay replay = replay(OnKernelsSample.Crashes.class);
        String type = id(OnKernelsSample.Crashes.class, "");
        String test = type + "/[method:a1Passes()]";
        on(replay, Kind.STARTED, type);
        on(replay, Kind.STARTED, test);
        assertThat(replay.toDo()).hasSize(3);

        assertThat(replay.forget()).isTrue();

        assertThat(replay.toDo()).hasSize(4).contains(test);
        on(replay, Kind.STARTED, type);
        on(replay, Kind.STARTED, test);
        on(replay, Kind.PASSED, test);
        assertThat(told).containsExactly("started 6.12", "started a1Passes()", "a1Passes() SUCCESSFUL");
    }

    @Test
    void betweenTestsTheClassFails() {
        Replay replay = replay(OnKernelsSample.Crashes.class);
        String type = id(OnKernelsSample.Crashes.class, "");
        on(replay, Kind.STARTED, type);
        on(replay, Kind.STARTED, type + "/[method:a1Passes()]");
        on(replay, Kind.PASSED, type + "/[method:a1Passes()]");

        assertThat(replay.forget()).isFalse();
        replay.lost(WHY);
        replay.complete();

        assertThat(replay.toDo()).isEmpty();
        assertThat(told).endsWith("a1Passes() SUCCESSFUL", "6.12 FAILED: softlockup");
    }

    @Test
    void oneOfMadeTestsTakesItsMakerAlong() {
        Replay replay = replay(OnKernelsSample.Ends.class);
        String type = id(OnKernelsSample.Ends.class, "");
        String maker = type + "/[test-template:repeats(java.lang.String)]";
        String made = maker + "/[test-template-invocation:#1]";
        on(replay, Kind.STARTED, type);
        on(replay, Kind.STARTED, maker);
        replay.on(new GuestEvent(Kind.TEST, made, List.of(maker, "[1] one", "repeats(String)[1]"), 0));
        on(replay, Kind.STARTED, made);

        assertThat(replay.forget()).isFalse();
        replay.lost(WHY);

        assertThat(replay.toDo()).hasSize(7).doesNotContain(maker);
        assertThat(told).endsWith("[1] one FAILED: softlockup", "repeats(String) FAILED: softlockup");
    }

    @Test
    void whatTheGuestDoesNotKnowFails() {
        Replay replay = replay(OnKernelsSample.CrashesBefore.class);
        replay.complete();
        String test = id(OnKernelsSample.CrashesBefore.class, "/[method:neverRuns()]");
        assertThat(told)
                .containsExactly(
                        "started 6.12",
                        "started neverRuns()",
                        "neverRuns() FAILED: JUnit in the guest did not run " + test,
                        "6.12 SUCCESSFUL");
    }

    @Test
    void withoutAGuestAllThatHasStartedFails() {
        Replay replay = replay(OnKernelsSample.Crashes.class);
        String type = id(OnKernelsSample.Crashes.class, "");
        on(replay, Kind.STARTED, type);
        on(replay, Kind.STARTED, type + "/[nested-class:InNested]");
        replay.fail(WHY);
        assertThat(replay.toDo()).isEmpty();
        assertThat(told)
                .containsExactly(
                        "started 6.12", "started InNested", "InNested FAILED: softlockup", "6.12 FAILED: softlockup");
    }
}

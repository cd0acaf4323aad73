package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.bcc4j.junit.GuestEvent.Kind;
import io.github.bcc4j.junit.GuestResult.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class GuestReportTest {
    private static String line(Kind kind, String id, long millis, String... text) {
        return new GuestEvent(kind, id, List.of(text), millis).toLine();
    }

    private static final String PLAN = line(Kind.CONTAINER, "e", 0, "", "Jupiter")
            + line(Kind.CONTAINER, "c", 0, "e", "Class")
            + line(Kind.TEST, "t1", 0, "c", "one")
            + line(Kind.TEST, "t2", 0, "c", "two")
            + line(Kind.TEST, "t3", 0, "c", "three");

    @Test
    void anyTextSurvivesTheLine() {
        GuestEvent event = new GuestEvent(Kind.FAILED, "[a]\t", List.of("x\n\tat y\\n\r\n", "", "\\"), 12);

        assertThat(event.toLine()).containsOnlyOnce("\n").endsWith("\n");
        assertThat(GuestEvent.parse(event.toLine())).contains(event);
    }

    @Test
    void aLineCutShortIsIgnored() {
        String passed = line(Kind.PASSED, "t1", 5, "");
        GuestReport report = new GuestReport(PLAN + passed.substring(0, passed.length() - 1));

        assertThat(report.results("gone").getFirst().status()).isEqualTo(Status.LOST);
    }

    @Test
    void aCrashLosesWhatRanAndWhatDidNot() {
        GuestReport report = new GuestReport(
                PLAN + line(Kind.STARTED, "t1", 0) + line(Kind.PASSED, "t1", 5, "") + line(Kind.STARTED, "t2", 0));

        assertThat(report.isComplete()).isFalse();
        assertThat(report.results("panic\n  console"))
                .containsExactly(
                        new GuestResult("t1", List.of("Class"), "one", Status.PASSED, Duration.ofMillis(5), ""),
                        new GuestResult(
                                "t2",
                                List.of("Class"),
                                "two",
                                Status.LOST,
                                Duration.ZERO,
                                "was running when the guest was lost: panic\n  console"),
                        new GuestResult(
                                "t3", List.of("Class"), "three", Status.LOST, Duration.ZERO, "did not run: panic"));
    }

    @Test
    void aContainersEndIsThatOfItsTests() {
        String plan = line(Kind.CONTAINER, "e", 0, "", "Jupiter")
                + line(Kind.CONTAINER, "c", 0, "e", "Failing")
                + line(Kind.TEST, "t1", 0, "c", "one")
                + line(Kind.CONTAINER, "d", 0, "e", "Disabled")
                + line(Kind.TEST, "t2", 0, "d", "two");
        GuestReport report = new GuestReport(plan
                + line(Kind.FAILED, "c", 7, "java.lang.Error: setup")
                + line(Kind.SKIPPED, "d", 0, "not today")
                + line(Kind.END, "", 0));

        assertThat(report.isComplete()).isTrue();
        assertThat(report.results("never"))
                .extracting(GuestResult::name, GuestResult::status, GuestResult::detail)
                .containsExactly(
                        tuple("Failing", Status.FAILED, "java.lang.Error: setup"),
                        tuple("one", Status.FAILED, "did not run: Failing failed"),
                        tuple("two", Status.SKIPPED, "not today"));
    }

    @Test
    void dynamicTestsReplayTheResults() {
        List<GuestResult> results = List.of(
                new GuestResult("1", List.of("A"), "good", Status.PASSED, Duration.ZERO, ""),
                new GuestResult("2", List.of("A", "B"), "bad", Status.FAILED, Duration.ZERO, "Error\n\tat x"),
                new GuestResult("3", List.of("C"), "off", Status.SKIPPED, Duration.ZERO, "no device"));

        List<DynamicNode> nodes = GuestNodes.of(results, 0);

        assertThat(nodes).extracting(DynamicNode::getDisplayName).containsExactly("A", "C");
        List<? extends DynamicNode> a = children(nodes.get(0));
        assertThat(a).extracting(DynamicNode::getDisplayName).containsExactly("good", "B");
        assertThatCode(() -> execute(a.get(0))).doesNotThrowAnyException();
        assertThatThrownBy(() -> execute(children(a.get(1)).getFirst()))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Error\n\tat x");
        assertThatThrownBy(() -> execute(children(nodes.get(1)).getFirst()))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("no device");
    }

    private static List<? extends DynamicNode> children(DynamicNode node) {
        return ((DynamicContainer) node).getChildren().toList();
    }

    private static void execute(DynamicNode node) throws Throwable {
        ((DynamicTest) node).getExecutable().execute();
    }
}

package io.github.bcc4j.junit;

import static io.github.bcc4j.junit.assertj.BpfAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.diagnostic.VerifierException;
import io.github.bcc4j.junit.BpfTestTest.Event;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.junit.workload.Workloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** What is told of an experiment that failed, by sample classes that run inside of these tests. */
@Tag("native")
@Timeout(60)
class ExperimentReportTest {
    /** What samples leave for those who ran them. */
    private static final List<Object> seen = Collections.synchronizedList(new ArrayList<>());

    @BpfTest(value = BpfTestTest.TEXT, lastEvents = 2)
    static class Failing {
        @Test
        void fails(BPF bpf, @Events("events") Recording<Event> events, Workloads workloads) {
            seen.add(bpf);
            seen.addAll(bpf.links());
            long tid = workloads.run(Workload.syscalls("getppid", 5)).tid();
            assertThat(events).filteredOn(e -> e.tid() == tid).hasCount(5);
            fail("as it should");
        }

        @AfterEach
        void links(BPF bpf) {
            assertThat(bpf.links()).hasSize(1); // still attached
        }
    }

    @Test
    void aFailureReportsEventsAndLeavesNothing() {
        seen.clear();
        EngineExecutionResults results = Run.of(Failing.class);
        results.containerEvents().assertStatistics(s -> s.failed(0)); // nothing is left behind
        Throwable failure = Run.failure(results);
        assertThat(failure).hasMessage("as it should");
        assertThat(failure.getSuppressed())
                .singleElement(InstanceOfAssertFactories.throwable(ExperimentReport.class))
                .hasMessageContaining("attached: ")
                .hasMessageContaining("tracepoint__syscalls__sys_enter_getppid at t:syscalls:sys_enter_getppid")
                .hasMessageFindingMatch("recorded events: events \"events\": \\d+ in all, 0 lost; the last 2:")
                .hasMessageFindingMatch("the last 2:\\s+Event\\[tid=\\d+, n=\\d+]\\s+Event\\[tid=\\d+, n=\\d+]$");
        assertThat(Run.reports(results).get("recorded events")).contains("in all, 0 lost; the last 2:");
        assertThat(seen)
                .hasSize(2)
                .last(InstanceOfAssertFactories.type(BpfLink.class))
                .satisfies(link -> assertThat(link.isAttached()).isFalse());
    }

    @BpfTest(BpfTestTest.TEXT)
    static class Aborting {
        @Test
        void assumes(@Events("events") Recording<Event> events) {
            assumeTrue(events.total() < 0);
        }
    }

    @Test
    void whatIsAbortedIsNoFailureToReport() {
        EngineExecutionResults results = Run.of(Aborting.class);
        results.testEvents().assertStatistics(s -> s.aborted(1).failed(0).reportingEntryPublished(0));
        assertThat(results.testEvents().aborted().list())
                .singleElement()
                .satisfies(e -> assertThat(e.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .orElseThrow()
                                .getSuppressed())
                        .isEmpty());
    }

    static class Refused {
        @Test
        @BpfTest("BPF_HASH(h, u32, u64); TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {"
                + " u32 k = 0; u64 *v = h.lookup(&k); return *v; }")
        void atTheBeginning() {}

        @Test
        @BpfTest("BPF_HASH(h, u32, u64); int f(void *ctx) { u32 k = 0; u64 *v = h.lookup(&k); return *v; }")
        void inTheTest(BPF bpf) {
            bpf.program("f", ProgramType.TRACEPOINT);
        }

        @Test
        @BpfTest("int f(void *ctx) { return 0; }")
        void noSuchPlace(BPF bpf) {
            bpf.attachTracepoint("syscalls:no_such", "f");
        }
    }

    @Test
    void aRefusalReportsTheVerifiersLog() {
        EngineExecutionResults results = Run.of(Refused.class);
        Map<String, Throwable> failures = Run.failures(results);
        assertThat(failures.get("atTheBeginning"))
                .isInstanceOf(VerifierException.class)
                .satisfies(e -> assertThat(e.getSuppressed()[0])
                        .hasMessageContaining("verifier log of tracepoint__syscalls__sys_enter_getppid: ")
                        .hasMessageContaining("R0 invalid mem access 'map_value_or_null'"));
        assertThat(failures.get("inTheTest").getSuppressed()[0])
                .hasMessageContaining("verifier log of f: ")
                .hasMessageContaining("attached: nothing");
        assertThat(failures.get("noSuchPlace")).isInstanceOf(AttachException.class);
    }

    static class ShortEvents {
        @Test
        @BpfTest("""
                struct event { u64 n; u64 more; };
                BPF_PERF_OUTPUT(events);
                int submit(struct __sk_buff *skb) {
                    struct event e = {};
                    events.perf_submit(skb, &e, sizeof(e));
                    events.perf_submit(skb, &e, 4);
                    return 0;
                }
                """)
        void unseen(BPF bpf, @Events("events") Recording<Two> events) throws InterruptedException {
            bpf.program("submit", ProgramType.SCHED_CLS).testRun(new byte[64]);
            events.reader().join(Duration.ofSeconds(10)); // which ends by it
        }
    }

    record Two(long n, long more) {}

    @Test
    void whatCouldNotBeReadFailsATestThatDidNotLook() {
        assertThat(Run.failure(Run.of(ShortEvents.class)))
                .hasMessageContaining("reading perf buffer \"events\" has failed: perf buffer \"events\": an event of")
                .hasMessageContaining("is too short for");
    }
}

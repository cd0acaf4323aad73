package io.github.bcc4j.junit;

import static io.github.bcc4j.junit.assertj.BpfAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.diagnostic.VerifierException;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.junit.workload.Workloads;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.table.BpfTable;
import io.github.bcc4j.type.Unsigned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The extension, by sample classes that run inside of these tests. */
@Tag("native")
@Timeout(60)
class BpfTestTest {
    static final String TEXT = """
            struct event { u32 tid; u64 n; };
            BPF_PERF_OUTPUT(events);
            BPF_HASH(calls, u32, u64);
            BPF_ARRAY(total, u64, 1);
            BPF_PERCPU_ARRAY(everywhere, u64, 1);
            BPF_PERCPU_HASH(by_cpu, u32, u64);
            BPF_HISTOGRAM(sizes);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                u32 tid = bpf_get_current_pid_tgid();
                calls.increment(tid);
                total.atomic_increment(0);
                everywhere.increment(0);
                u64 zero = 0, *here = by_cpu.lookup_or_try_init(&tid, &zero);
                if (here)
                    (*here)++;
                sizes.atomic_increment(3);
                struct event e = { .tid = tid };
                u64 *n = calls.lookup(&tid);
                if (n)
                    e.n = *n;
                events.perf_submit(args, &e, sizeof(e));
                return 0;
            }
            """;

    record Event(@Unsigned int tid, long n) {}

    /** What samples leave for those who ran them. */
    private static final List<Object> seen = Collections.synchronizedList(new ArrayList<>());

    @BpfTest(TEXT)
    static class Experiments {
        private long tid;

        @BeforeEach
        void work(BPF bpf, Workloads workloads, @Events("events") Recording<Event> events) {
            assertThat(bpf.links()).hasSize(1);
            tid = workloads.run(Workload.syscalls("getppid", 20)).tid();
        }

        @Test
        void tables(
                @Table("calls") BpfHash<Integer, Long> calls,
                @Table("calls") Map<Integer, Long> same,
                @Table("total") BpfArray<Long> total,
                @Table("everywhere") BpfArray<List<Long>> everywhere,
                @Table("by_cpu") BpfHash<Integer, List<Long>> byCpu,
                @Table("sizes") BpfHistogram<Void> sizes,
                @Table("calls") BpfTable<?, ?> untyped) {
            assertThat(calls).containsEntry((int) tid, 20L);
            assertThat(same.get((int) tid)).isEqualTo(20);
            assertThat(total.get(0)).isGreaterThanOrEqualTo(20);
            assertThat(everywhere.get(0).stream().mapToLong(n -> n).sum()).isGreaterThanOrEqualTo(20);
            assertThat(byCpu.get((int) tid).stream().mapToLong(n -> n).sum()).isEqualTo(20);
            assertThat(sizes).countsOnlyIn(3, 3).hasTotalOfAtLeast(20);
            assertThat(untyped.name()).isEqualTo("calls");
        }

        @Test
        void events(@Events("events") Recording<Event> events) {
            // Those from before this method, and no more: each test begins anew.
            assertThat(events)
                    .filteredOn(e -> e.tid() == tid)
                    .extracting(Event::n)
                    .containsExactlyInAnyOrder(
                            1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
            assertThat(events).noneLost();
        }

        @Test
        @BpfTest("BPF_ARRAY(other, u64, 3); TRACEPOINT_PROBE(syscalls, sys_enter_getppid) { return 0; }"
                + " BPF_PERF_OUTPUT(events); struct event { u32 tid; u64 n; };"
                + " int unused(void *ctx) { struct event e = {}; events.perf_submit(ctx, &e, sizeof(e)); return 0; }")
        void aMethodsTextReplacesItsClasss(@Table("other") BpfArray<Long> other) {
            assertThat(other).hasSize(3);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1})
        void eachRunBeginsAnew(int argument, @Table("calls") BpfHash<Integer, Long> calls) {
            assertThat(argument).isBetween(0, 1);
            assertThat(calls).containsEntry((int) tid, 20L);
        }

        @Nested
        class Inside {
            @Test
            void hasTheTextOfTheClassAround(@Table("calls") BpfHash<Integer, Long> calls) {
                assertThat(calls).containsKey((int) tid);
            }
        }
    }

    @Test
    void parametersAreWhatTheTextHas() {
        Run.passes(Experiments.class, 6);
    }

    static class Sources {
        static String text() {
            return TEXT;
        }

        static CompiledModule module() {
            return Compiler.compile("BPF_ARRAY(a, u64, N);", CompilerOptions.DEFAULT.define("N", 7));
        }

        @Test
        @BpfTest(method = "text")
        void aMethodsText(@Table("calls") BpfHash<Integer, Long> calls) {}

        @Test
        @BpfTest(method = "io.github.bcc4j.junit.BpfTestTest$Sources#module")
        void aMethodsModule(@Table("a") BpfArray<Long> a) {
            assertThat(a.size()).isEqualTo(7);
        }

        @Test
        @BpfTest(resource = "counts.c")
        void aResource(@Table("counts") BpfHash<Integer, Long> counts) {}

        @Test
        @BpfTest(file = "src/test/resources/io/github/bcc4j/junit/counts.c")
        void aFile(@Table("counts") BpfHash<Integer, Long> counts) {}

        @Test
        @BpfTest
        void nothing(Workloads workloads) {
            assertThat(workloads.run(Workload.execs(2)).count()).isEqualTo(2);
        }
    }

    @Test
    void theTextComesFromWhereTheAnnotationSays() {
        Run.passes(Sources.class, 5);
    }

    static class Mistakes {
        @Test
        @BpfTest(value = TEXT, file = "x.c")
        void two() {}

        @Test
        @BpfTest(resource = "none.c")
        void noResource() {}

        @Test
        @BpfTest(file = "none.c")
        void noFile() {}

        @Test
        @BpfTest(method = "none")
        void noMethod() {}

        @Test
        @BpfTest(method = "wrong")
        void wrongMethod() {}

        static int wrong() {
            return 0;
        }

        @Test
        @BpfTest(TEXT)
        void unknownTable(@Table("cals") BpfHash<Integer, Long> calls) {}

        @Test
        @BpfTest(TEXT)
        void wrongTable(@Table("total") BpfHash<Integer, Long> calls) {}

        @Test
        @BpfTest(TEXT)
        void wrongValue(@Table("calls") BpfHash<Integer, Short> calls) {}

        @Test
        @BpfTest(TEXT)
        void rawTable(@Table("calls") @SuppressWarnings("rawtypes") BpfHash calls) {}

        @Test
        @BpfTest(TEXT)
        void noTable(@Table("calls") String calls) {}

        @Test
        @BpfTest(TEXT)
        void unknownEvents(@Events("event") Recording<Event> events) {}

        @Test
        @BpfTest(TEXT)
        void noRecording(@Events("events") List<Event> events) {}

        @Test
        @BpfTest(TEXT)
        void twoTypes(@Events("events") Recording<Event> events, @Events("events") Recording<Short> again) {}

        @Test
        @BpfTest
        void noText(BPF bpf) {}

        @Test
        @BpfTest("int f(void *ctx) { return x; }")
        void compileError() {}
    }

    @Test
    void mistakesSayWhatIsWrong() {
        EngineExecutionResults results = Run.of(Mistakes.class);
        results.testEvents().assertStatistics(s -> s.started(15).failed(15));
        Map<String, Throwable> failures = Run.failures(results);
        assertThat(failures.get("two"))
                .hasMessage("@BpfTest of io.github.bcc4j.junit.BpfTestTest$Mistakes has"
                        + " value and file: one of them says what the C text is");
        assertThat(failures.get("noResource"))
                .hasMessageEndingWith(
                        "names the resource \"none.c\", but there is no io/github/bcc4j/junit/none.c on the"
                                + " class path");
        assertThat(failures.get("noFile"))
                .hasMessageContaining("names the file /")
                .hasMessageContaining("none.c");
        assertThat(failures.get("noMethod")).hasMessageEndingWith("\"none\", which there is not without parameters");
        assertThat(failures.get("wrongMethod"))
                .hasMessageEndingWith("\"wrong\", which must be static and return a String or a CompiledModule");
        assertThat(failures.get("unknownTable"))
                .hasMessageContaining(
                        "the C text has no table \"cals\"; it has by_cpu, calls, events, everywhere, sizes");
        assertThat(failures.get("wrongTable")).hasMessageContaining("array");
        assertThat(failures.get("wrongValue")).hasMessageContaining("short").hasMessageContaining("u64");
        assertThat(failures.get("rawTable"))
                .hasMessageEndingWith("it needs its Java types, such as BpfHash<Integer, Long>");
        assertThat(failures.get("noTable"))
                .hasMessageContaining(
                        "@Table(\"calls\") can't be of type java.lang.String: a table is a BpfHash, Map,");
        assertThat(failures.get("unknownEvents")).hasMessageContaining("the C text has no table \"event\"; it has");
        assertThat(failures.get("noRecording"))
                .hasMessageEndingWith("it is a Recording of a class, such as Recording<MyEvent>");
        assertThat(failures.get("twoTypes"))
                .hasMessage("@Events(\"events\") is a Recording<Event> already, and can't be one of Short as well");
        assertThat(failures.get("noText"))
                .hasMessage(
                        "there is nothing to load: @BpfTest gives no C text, by value," + " resource, file or method");
        assertThat(failures.get("compileError"))
                .isInstanceOf(CompileException.class)
                .hasMessageContaining("1:27")
                .hasMessageContaining("use of undeclared identifier 'x'");
    }

    @BpfTest(TEXT)
    static class TooEarly {
        @BeforeAll
        static void all(BPF bpf) {}

        @Test
        void never() {}
    }

    @Test
    void parametersAreForSingleTests() {
        assertThat(Run.failure(Run.of(TooEarly.class)))
                .hasMessageStartingWith("an experiment begins before each test: its parameters are for");
    }

    @BpfTest(value = TEXT, lastEvents = 2)
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
                .hasMessageFindingMatch("Event\\[tid=\\d+, n=4]\\s+Event\\[tid=\\d+, n=5]");
        assertThat(Run.reports(results).get("recorded events")).contains("in all, 0 lost; the last 2:");
        assertThat(seen)
                .hasSize(2)
                .last(InstanceOfAssertFactories.type(BpfLink.class))
                .satisfies(link -> assertThat(link.isAttached()).isFalse());
    }

    @BpfTest(TEXT)
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

    @BpfTest
    static class Leaking {
        @Test
        void leaks() {
            BPF bpf = BPF.fromSource(TEXT);
            seen.add(bpf);
            seen.add(Recording.of(bpf.perfBuffer("events", Event.class), 10));
            seen.add(bpf.attachRawTracepoint("sys_enter", "tracepoint__syscalls__sys_enter_getppid"));
        }
    }

    static class LeakingMethod {
        @Test
        @BpfTest
        void leaks() {
            seen.add(BPF.fromSource("BPF_ARRAY(forgotten, u64, 1);"));
        }

        @Test
        @BpfTest
        void another() {}
    }

    @BpfTest
    static class Around {
        @Test
        void clean() {}

        @Nested
        class Inside {
            @Test
            void leaks() {
                seen.add(BPF.fromSource("BPF_ARRAY(forgotten, u64, 1);"));
            }
        }
    }

    private static void closeSeen() {
        seen.forEach(o -> {
            try {
                if (o instanceof AutoCloseable c) {
                    c.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void whatAClassLeavesBehindFailsItByName() {
        seen.clear();
        EngineExecutionResults results = Run.of(Leaking.class);
        try {
            results.testEvents().assertStatistics(s -> s.succeeded(1));
            results.containerEvents().assertStatistics(s -> s.failed(1));
            assertThat(Run.failure(results))
                    .hasMessageStartingWith(
                            "BpfTestTest$Leaking has left behind in the kernel, still held by this process:")
                    .hasMessageFindingMatch("program \"tracepoint__sys\" \\(id \\d+, (raw_)?tracepoint\\)")
                    .hasMessageFindingMatch("map \"calls\" \\(id \\d+, hash\\)")
                    .hasMessageFindingMatch("link \\(id \\d+, raw_tracepoint tp_name sys_enter of program id \\d+\\)")
                    .hasMessageContaining("perf event (a probe, a tracepoint, a counter,")
                    .hasMessageContaining("open buffer of events")
                    .hasMessageEndingWith("or take those that @BpfTest gives");
        } finally {
            closeSeen();
        }
    }

    @Test
    void whatAMethodLeavesBehindFailsItAlone() {
        seen.clear();
        EngineExecutionResults results = Run.of(LeakingMethod.class);
        try {
            results.testEvents().assertStatistics(s -> s.succeeded(1).failed(1));
            assertThat(Run.failure(results))
                    .hasMessageStartingWith("leaks() has left behind")
                    .hasMessageContaining("map \"forgotten\" (id ");
        } finally {
            closeSeen();
        }
    }

    @Test
    void whatANestedClassLeavesBehindIsReportedOnce() {
        seen.clear();
        EngineExecutionResults results = Run.of(Around.class);
        try {
            assertThat(Run.failure(results))
                    .hasMessageStartingWith("Inside has left behind")
                    .hasMessageContaining("map \"forgotten\" (id ");
        } finally {
            closeSeen();
        }
    }

    @BpfTest
    static class Background {
        @Test
        void leavesAWorkloadRunning(Workloads workloads) {
            seen.add(workloads.start(() -> {
                Workload.command("sleep", "50").run();
                return null;
            }));
        }
    }

    @Test
    void workloadsEndWithTheirTest() {
        seen.clear();
        long begin = System.nanoTime();
        Run.of(Background.class).testEvents().assertStatistics(s -> s.succeeded(1));
        assertThat(seen)
                .first(InstanceOfAssertFactories.type(Workloads.Background.class))
                .satisfies(b -> assertThat(b.isDone()).isTrue());
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
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

    /** Where two tests meet if they run at the same time. */
    private static final CyclicBarrier MEETING = new CyclicBarrier(2);

    private static boolean meets() throws InterruptedException {
        try {
            MEETING.await(300, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | BrokenBarrierException e) {
            return false;
        }
    }

    @BpfTest
    static class Alone {
        @Test
        void alone() throws InterruptedException {
            seen.add(meets());
        }
    }

    static class Other {
        @Test
        void other() throws InterruptedException {
            seen.add(meets());
        }
    }

    @Test
    void experimentsRunAloneAlsoInParallel() {
        seen.clear();
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Other.class), selectClass(Alone.class))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
                .execute()
                .testEvents()
                .assertStatistics(s -> s.succeeded(2));
        assertThat(seen).containsExactly(false, false);
    }
}

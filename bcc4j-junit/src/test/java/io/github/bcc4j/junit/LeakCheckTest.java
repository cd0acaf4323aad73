package io.github.bcc4j.junit;

import static io.github.bcc4j.junit.assertj.BpfAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.bcc4j.BPF;
import io.github.bcc4j.junit.BpfTestTest.Event;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.junit.workload.Workloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What an experiment leaves behind, by sample classes that run inside of these tests. */
@Tag("native")
@Timeout(60)
class LeakCheckTest {
    /** What samples leave for those who ran them. */
    private static final List<Object> seen = Collections.synchronizedList(new ArrayList<>());

    @BpfTest
    static class Leaking {
        @Test
        void leaks() {
            BPF bpf = BPF.fromSource(BpfTestTest.TEXT);
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
                            "LeakCheckTest$Leaking has left behind in the kernel, still held by this process:")
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

package io.github.bcc4j.junit;

import static io.github.bcc4j.junit.assertj.BpfAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.junit.workload.Workloads;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.table.BpfTable;
import io.github.bcc4j.type.Unsigned;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;

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
}

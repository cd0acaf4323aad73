package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.event.EventHandler;
import io.github.bcc4j.event.EventStream;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.type.Unsigned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole way through the house on the running kernel: C text, tracepoints, tables, events. */
@OnKernels({OnKernels.HERE, "6.1", "6.12"})
@Tag("native")
class TracepointTest {
    private static final String COUNT_GETPPID = """
            BPF_HASH(counts, u32, u64);
            int count(void *ctx) {
                counts.increment(bpf_get_current_pid_tgid() >> 32);
                return 0;
            }
            """;

    private static final String SUBMIT_GETPPID = """
            struct event { u32 pid; u64 n; char comm[16]; };
            BPF_ARRAY(calls, u64, 1);
            BPF_PERF_OUTPUT(events);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                int zero = 0;
                u64 *n = calls.lookup(&zero);
                if (!n)
                    return 0;
                struct event e = {};
                e.pid = bpf_get_current_pid_tgid() >> 32;
                e.n = (*n)++;
                bpf_get_current_comm(&e.comm, sizeof(e.comm));
                events.perf_submit(args, &e, sizeof(e));
                return 0;
            }
            """;

    record Event(@Unsigned int pid, long n, String comm) {}

    @Test
    void countsEveryCallAtATracepoint() {
        try (BPF bpf = BPF.fromSource(COUNT_GETPPID)) {
            bpf.attachTracepoint("syscalls:sys_enter_getppid", "count");
            var done = Workloads.getppids(1000);
            Map<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
            assertThat(counts).containsEntry((int) done.pid(), 1000L);
        }
    }

    @Test
    @Conforms("test_tracepoint.py TestTracepoint.test_tracepoint")
    @Conforms("test_tracepoint.py TestTracepointDataLoc.test_tracepoint_data_loc")
    void fieldsAreReadFixedOnesAndThoseOfAnyLength() {
        try (BPF bpf = BPF.fromSource("""
                struct name { char text[64]; };
                BPF_HASH(switches, u32, u64);
                BPF_HASH(programs, u32, struct name);
                TRACEPOINT_PROBE(sched, sched_switch) {
                    switches.increment(args->next_pid);
                    return 0;
                }
                TRACEPOINT_PROBE(sched, sched_process_exec) {
                    struct name n = {};
                    u32 pid = args->pid;
                    TP_DATA_LOC_READ_CONST(n.text, filename, 63);
                    programs.update(&pid, &n);
                    return 0;
                }
                """)) {
            record Name(String text) {}
            int pid = (int) Workloads.run("/usr/bin/env", "-i", "/bin/true").pid();
            assertThat(bpf.hash("programs", Integer.class, Name.class)).containsEntry(pid, new Name("/bin/true"));
            int slept = (int)
                    Workloads.command("for i in 1 2 3 4 5; do sleep 0.01; done").pid();
            assertThat(bpf.hash("switches", Integer.class, Long.class).get(slept))
                    .isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void countsEveryForkAtARawTracepointByItsName() {
        try (BPF bpf = BPF.fromSource("""
                BPF_HASH(forks, u32, u64);
                RAW_TRACEPOINT_PROBE(sched_process_fork) {
                    forks.increment(bpf_get_current_pid_tgid() >> 32);
                    return 0;
                }
                """)) {
            assertThat(bpf.links())
                    .singleElement()
                    .hasToString("raw_tracepoint__sched_process_fork at rt:sched_process_fork");
            var done = Workloads.forks(50);
            assertThat(bpf.hash("forks", Integer.class, Long.class)).containsEntry((int) done.pid(), 50L);
        }
    }

    @Test
    @Conforms("test_array.py TestArray.test_perf_buffer")
    void deliversEveryEventOnceAndInOrder() {
        try (BPF bpf = BPF.fromSource(SUBMIT_GETPPID);
                PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class)) {
            var done = Workloads.getppids(300);
            List<Event> mine = new ArrayList<>();
            while (events.poll(Duration.ofMillis(10), (cpu, e) -> {
                        if (e.pid() == done.pid()) {
                            mine.add(e);
                        }
                    })
                    > 0) {}
            assertThat(mine)
                    .extracting(Event::n)
                    .containsExactlyElementsOf(
                            mine.stream().map(Event::n).sorted().toList());
            assertThat(mine).hasSize(300).allMatch(e -> e.comm().startsWith("python3"));
            assertThat(events.lost()).isZero();
        }
    }

    @Test
    @Conforms("test_array.py TestArray.test_perf_buffer_for_each_cpu")
    void eventsOfATaskThatMovesBetweenCpusComeInTimeOrder() throws Exception {
        try (BPF bpf = BPF.fromSource(SUBMIT_GETPPID);
                PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class)) {
            FutureTask<Workload.Done> workload = new FutureTask<>(() -> Workloads.movingGetppids(1000));
            Thread.ofPlatform().start(workload);
            record On(int cpu, Event event) {}
            List<On> all = new ArrayList<>();
            EventHandler<Event> keep = (cpu, e) -> all.add(new On(cpu, e));
            while (!workload.isDone()) {
                events.pollInTimeOrder(Duration.ofMillis(1), Event::n, keep);
            }
            for (int n = -1; n != 0; ) {
                n = events.pollInTimeOrder(Duration.ZERO, Event::n, keep);
            }
            long pid = workload.get().pid();
            List<On> mine = all.stream().filter(e -> e.event().pid() == pid).toList();
            assertThat(mine)
                    .extracting(e -> e.event().n())
                    .hasSize(1000)
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(mine.stream().map(On::cpu).distinct().count())
                    .isEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void whatAHandlerOfOrderedEventsThrowsCostsThatEventOnly() {
        try (BPF bpf = BPF.fromSource(SUBMIT_GETPPID);
                PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class)) {
            long pid = Workloads.getppids(20).pid();
            List<Long> seen = new ArrayList<>();
            EventHandler<Event> handler = (cpu, e) -> {
                if (e.pid() == pid) {
                    seen.add(e.n());
                    if (seen.size() == 5) {
                        throw new IllegalStateException("the fifth");
                    }
                }
            };
            assertThatThrownBy(() -> events.pollInTimeOrder(Duration.ZERO, Event::n, handler))
                    .hasMessage("the fifth");
            while (events.pollInTimeOrder(Duration.ZERO, Event::n, handler) > 0) {}
            assertThat(seen).hasSize(20).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void streamsTakeOnlyWhatTheyHandOut() {
        try (BPF bpf = BPF.fromSource(SUBMIT_GETPPID);
                PerfBuffer<Event> buffer = bpf.perfBuffer("events", Event.class)) {
            long pid = Workloads.getppids(30).pid();
            EventStream<Event> events = buffer.stream().within(Duration.ofSeconds(2));
            List<Event> first = events.filter(e -> e.pid() == pid).limit(10).toList();
            List<Event> rest = events.filter(e -> e.pid() == pid).limit(20).toList();
            assertThat(first).hasSize(10);
            assertThat(rest).hasSize(20);
            assertThat(first).doesNotContainAnyElementsOf(rest);
        }
    }

    @Test
    void countsWhatTheKernelDropped() {
        try (BPF bpf = BPF.fromSource("""
                        struct event { u64 fill[8]; };
                        BPF_PERCPU_ARRAY(calls, u64, 1);
                        BPF_PERF_OUTPUT(events);
                        TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                            struct event e = {};
                            calls.increment(0);
                            events.perf_submit(args, &e, sizeof(e));
                            return 0;
                        }
                        """);
                PerfBuffer<Object> events = bpf.perfBuffer("events", Object.class, new PerfBufferOptions(1, 1))) {
            Workloads.getppids(5000);
            long[] seen = {0};
            while (events.consume(100, (cpu, e) -> seen[0]++) > 0) {}
            // The kernel reports a loss with the next event that fits: give each CPU's ring room and one more event.
            IntStream.range(0, 20).forEach(i -> {
                Workloads.run(
                        "taskset",
                        "-c",
                        String.valueOf(i % Runtime.getRuntime().availableProcessors()),
                        "/usr/bin/python3",
                        "-c",
                        "import os; os.getppid()");
                while (events.consume(100, (cpu, e) -> seen[0]++) > 0) {}
            });
            bpf.links().forEach(BpfLink::close); // others call getppid as well
            while (events.consume(100, (cpu, e) -> seen[0]++) > 0) {}
            long submitted = bpf.perCpuArray("calls", Long.class).get(0).stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(submitted).isGreaterThanOrEqualTo(5020);
            assertThat(events.lost()).isPositive();
            assertThat(seen[0] + events.lost()).isEqualTo(submitted);
        }
    }

    @Test
    void aThrowingHandlerNeitherLosesNorRepeatsEvents() {
        try (BPF bpf = BPF.fromSource(SUBMIT_GETPPID);
                PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class)) {
            long pid = Workloads.getppids(40).pid();
            List<Long> seen = new ArrayList<>();
            int thrown = 0;
            for (boolean more = true; more; ) {
                try {
                    more = events.poll(Duration.ZERO, (cpu, e) -> {
                                if (e.pid() == pid) {
                                    seen.add(e.n());
                                    throw new IllegalStateException("handler of event " + e.n());
                                }
                            })
                            > 0;
                } catch (IllegalStateException e) {
                    thrown++;
                    assertThat(e).hasMessage("handler of event " + seen.getLast());
                }
            }
            assertThat(thrown).isEqualTo(40);
            assertThat(seen).hasSize(40).doesNotHaveDuplicates();
        }
    }

    @Test
    void closingEndsAReaderThatWaitsOnAnotherThread() throws Exception {
        try (BPF bpf = BPF.fromSource(SUBMIT_GETPPID)) {
            PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class);
            CompletableFuture<Thread> reading = new CompletableFuture<>();
            CompletableFuture<Long> seen = CompletableFuture.supplyAsync(() -> {
                reading.complete(Thread.currentThread());
                return events.stream().filter(e -> e.pid() == 1).count();
            });
            reading.get(5, TimeUnit.SECONDS);
            events.close();
            assertThat(seen.get(5, TimeUnit.SECONDS)).isZero();
            assertThatThrownBy(() -> events.poll(Duration.ZERO, (cpu, e) -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("perf buffer \"events\" is closed");
        }
    }

    @Test
    void aHandlerMayCloseItsBuffer() {
        try (BPF bpf = BPF.fromSource(SUBMIT_GETPPID)) {
            PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class);
            Workloads.getppids(5);
            assertThat(events.poll(Duration.ofSeconds(5), (cpu, e) -> events.close()))
                    .isEqualTo(1);
            assertThat(events.isClosed()).isTrue();
        }
    }

    @Test
    void aClosedLinkCountsNoMore() {
        try (BPF bpf = BPF.fromSource(COUNT_GETPPID)) {
            BpfLink link = bpf.attachTracepoint("syscalls:sys_enter_getppid", "count");
            link.close();
            link.close();
            assertThat(link.isAttached()).isFalse();
            assertThat(bpf.links()).isEmpty();
            long pid = Workloads.getppids(10).pid();
            assertThat(bpf.hash("counts", Integer.class, Long.class)).doesNotContainKey((int) pid);
        }
    }

    @Test
    void mistakesInNamesAreExplained() {
        try (BPF bpf = BPF.fromSource(COUNT_GETPPID)) {
            assertThatThrownBy(() -> bpf.attachTracepoint("syscalls:sys_enter_nosuch", "count"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("syscalls:sys_enter_nosuch");
            assertThatThrownBy(() -> bpf.attachRawTracepoint("nosuch", "count"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("attach count to rt:nosuch: ENOENT")
                    .hasMessageContaining("this kernel has no raw tracepoint nosuch");
            assertThatThrownBy(() -> bpf.attachRawTracepoint("sys_enter", "cuont"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the C text has no function \"cuont\"; it has count");
            assertThatThrownBy(() -> bpf.hash("cuonts", Integer.class, Long.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the C text has no table \"cuonts\"; it has counts");
        }
    }

    @Test
    void aClosedModuleSaysSo() {
        BPF bpf = BPF.fromSource(COUNT_GETPPID);
        Map<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
        bpf.close();
        bpf.close();
        assertThatThrownBy(() -> bpf.attachTracepoint("syscalls:sys_enter_getppid", "count"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this BPF is closed");
        assertThatThrownBy(() -> counts.get(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("counts");
    }
}

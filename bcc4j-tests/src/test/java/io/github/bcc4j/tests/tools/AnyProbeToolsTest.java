package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.MountedFolder;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.tests.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tools for any function, tracepoint or static probe. */
@OnKernels({"here", "6.1", "6.12"})
@Tag("vm")
public class AnyProbeToolsTest {
    private static final String SELF = String.valueOf(ProcessHandle.current().pid());

    @Test
    void traceShowsTextsOfProcessesInSystemCalls() {
        AtomicReference<Workload.Done> done = new AtomicReference<>();
        ToolRun run = ToolRun.beside(
                        () -> done.set(Workloads.run("cat", "/etc/hostname", "/etc/hostname", "/etc/hostname")),
                        "trace",
                        "-n",
                        "cat",
                        "t:syscalls:sys_enter_openat (STRCMP(\"/etc/hostname\", args->filename)) \"%s flags %x mode=%-3d|\", args->filename, args->flags, 7",
                        "--json")
                .succeeded();
        assertThat(run.rows("pid", String.valueOf(done.get().pid()))).hasSize(3).allSatisfy(r -> {
            assertThat(r.path("message").asText()).isEqualTo("/etc/hostname flags 0 mode=7  |");
            assertThat(r.path("func").asText()).isEqualTo("sys_enter_openat");
            assertThat(r.path("comm").asText()).isEqualTo("cat");
        });
    }

    @Test
    void traceEndsAfterSoManyAndPrintsColumns() {
        ToolRun run = ToolRun.beside(
                        () -> Workloads.run("sh", "-c", "for i in 1 2 3 4 5 6 7 8; do (:); done"),
                        "trace",
                        "-M",
                        "5",
                        "t:sched:sched_process_fork \"child %d of %s\", args->child_pid, args->parent_comm")
                .succeeded();
        assertThat(run.out()).hasSize(6);
        assertThat(run.out().getFirst()).isEqualTo("PID     TID     COMM            FUNC             -");
        assertThat(run.out().get(1)).matches("\\d+ +\\d+ +.* sched_process_fork child \\d+ of .+");
    }

    @Test
    void traceShowsFunctionsOfProcessesAndTheirStacks() {
        ToolRun run = ToolRun.beside(
                        () -> Workload.allocations(54321, 20).run(),
                        "trace",
                        "-p",
                        SELF,
                        "-S",
                        "-U",
                        "c:malloc (arg1 == 54321) \"%d\", arg1",
                        "--json")
                .succeeded();
        List<JsonNode> calls = run.rows("message", "54321");
        assertThat(calls)
                .hasSize(20)
                .allSatisfy(r -> assertThat(r.path("user").get(0).asText()).contains("malloc"));
    }

    @Test
    void traceReadsStructsOfTheKernelOrSaysWhatIsMissing() throws Exception {
        if (!Features.kprobe().isSupported()) {
            assertThat(ToolRun.of("trace", "p::vfs_read").exitCode()).isEqualTo(1);
            assertThat(ToolRun.of("trace", "p::vfs_read").err().getFirst())
                    .startsWith("trace: kprobe is not supported by this kernel");
            return;
        }
        try (MountedFolder folder = MountedFolder.tmpfs(1 << 20)) {
            Path file = Files.writeString(folder.path().resolve("traced-file"), "0123456789");
            ToolRun run = ToolRun.beside(
                            () -> Workloads.run("cat", file.toString()),
                            "trace",
                            "-n",
                            "cat",
                            "-I",
                            "linux/fs.h",
                            "vfs_read(struct file *file, char *buf, size_t count) (STRCMP(\"traced-file\", file->f_path.dentry->d_name.name)) "
                                    + "\"%s %llu\", file->f_path.dentry->d_name.name, count",
                            "r::vfs_read (retval == 10) \"read %d\", retval",
                            "--json")
                    .succeeded();
            assertThat(run.rows())
                    .extracting(r -> r.path("message").asText())
                    .contains("read 10")
                    .anyMatch(m -> m.matches("traced-file \\d+"));
        }
    }

    @Test
    void traceMakesNoCOfWhatUsersWrite() {
        for (String hostile : List.of(
                "c:malloc (1); } int evil(void *ctx) { return 1; } int x(",
                "c:malloc \"%d\", ({ bpf_trace_printk(\"x\"); 1; })",
                "c:mal\"loc",
                "c:malloc(int a) { evil(); } int b(int c)",
                "t:sched:sched_switch) { return 1; } int evil(")) {
            ToolRun run = ToolRun.of("trace", hostile);
            assertThat(run.exitCode()).as(hostile).isEqualTo(1);
            assertThat(run.err()).hasSize(1);
        }
        assertThat(ToolRun.of("trace", "c:malloc", "-I", "x.h>\n#error").err().getFirst())
                .startsWith("trace: not a header of the kernel");
    }

    @Test
    void funccountCountsFunctionsOfALibraryAndTracepoints() {
        ToolRun run = ToolRun.beside(
                        () -> Workload.allocations(54321, 40).run(), "funccount", "-p", SELF, "c:mall*", "--json")
                .succeeded();
        assertThat(run.rows("func", "malloc"))
                .singleElement()
                .satisfies(r -> assertThat(r.path("count").asLong()).isGreaterThanOrEqualTo(40));
        ToolRun tracepoints = ToolRun.beside(
                        () -> Workload.forks(15).run(), "funccount", "t:sched:sched_process_*", "--json")
                .succeeded();
        assertThat(tracepoints.rows("func", "sched_process_fork"))
                .singleElement()
                .satisfies(r -> assertThat(r.path("count").asLong()).isBetween(15L, 200L));
    }

    @Test
    void funccountCountsFunctionsOfTheKernelOrSaysWhatIsMissing() {
        ToolRun nothing = ToolRun.of("funccount", "no_such_function_*");
        assertThat(nothing.refusal()).isEqualTo("funccount: nothing matches \"no_such_function_*\"");
        if (!Features.kprobe().isSupported()) {
            assertThat(ToolRun.of("funccount", "vfs_rea*").exitCode()).isEqualTo(1);
            return;
        }
        ToolRun run = ToolRun.beside(
                () -> Workloads.run("dd", "if=/dev/zero", "of=/dev/null", "bs=512", "count=250", "status=none"),
                "funccount",
                "vfs_wri*",
                "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(run.rows("func", "vfs_write"))
                .singleElement()
                .satisfies(r -> assertThat(r.path("count").asLong()).isBetween(250L, 5000L));
    }

    @Test
    void argdistCountsParametersOfALibrarysFunction() {
        ToolRun run = ToolRun.beside(
                        () -> Workload.allocations(54321, 40).run(),
                        "argdist",
                        "-p",
                        SELF,
                        "-i",
                        "600",
                        "-C",
                        "p:c:malloc(size_t size):size_t:size:size == 54321#sizes",
                        "--json")
                .succeeded();
        assertThat(run.rows()).singleElement().satisfies(r -> {
            assertThat(r.path("of").asText()).isEqualTo("sizes");
            assertThat(r.path("count").asInt()).isEqualTo(40);
            assertThat(r.path("values").path("size").asLong()).isEqualTo(54321);
        });
    }

    @Test
    void argdistKnowsAtTheReturnWhatTheCallWas() {
        ToolRun run = ToolRun.beside(
                        () -> Workload.allocations(54321, 40).run(),
                        "argdist",
                        "-p",
                        SELF,
                        "-i",
                        "600",
                        "-H",
                        "r:c:malloc(size_t size):u64:$latency:$entry(size) == 54321#nsecs",
                        "-C",
                        "r:c:malloc(size_t size):size_t,int:$entry(size),$retval != 0:$entry(size) == 54321",
                        "--json")
                .succeeded();
        List<JsonNode> rows = run.rows().toList();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).path("unit").asText()).isEqualTo("nsecs");
        assertThat(ToolRun.count(rows.get(0), 0, Long.MAX_VALUE)).isEqualTo(40);
        assertThat(rows.get(1).path("count").asInt()).isEqualTo(40);
        assertThat(rows.get(1).path("values").path("$entry(size)").asLong()).isEqualTo(54321);
        assertThat(rows.get(1).path("values").path("$retval != 0").asInt()).isOne();
    }

    @Test
    void argdistReadsTextsOfTracepointsAndPrintsAsPeopleReadIt() {
        ToolRun run = ToolRun.beside(
                        () -> Workloads.run("cat", "/etc/hostname", "/etc/hostname", "/etc/hostname"),
                        "argdist",
                        "-i",
                        "600",
                        "-C",
                        "t:syscalls:sys_enter_openat():char*,int:args->filename,args->flags:STRCMP(\"/etc/hostname\", args->filename)")
                .succeeded();
        assertThat(run.out().get(0)).matches("\\[\\d\\d:\\d\\d:\\d\\d]");
        assertThat(run.out().subList(1, run.out().size()))
                .containsExactly(
                        "t:syscalls:sys_enter_openat():char*,int:args->filename,args->flags:STRCMP(\"/etc/hostname\", args->filename)",
                        "\tCOUNT      EVENT",
                        "\t3          args->filename = /etc/hostname, args->flags = 0");
    }

    @Test
    void argdistSaysWhatIsWrong() {
        assertThat(ToolRun.of("argdist").refusal()).isEqualTo("argdist: give a specifier: -H or -C; --help shows some");
        assertThat(ToolRun.of("argdist", "-C", "p:c:malloc():int:system(1)").refusal())
                .isEqualTo("argdist: a probe calls no functions: \"system(1)\"");
        assertThat(ToolRun.of("argdist", "-H", "p:c:malloc(size_t n):u64:$latency")
                        .refusal())
                .startsWith("argdist: $latency and $entry are known when a function returns");
        assertThat(ToolRun.of("argdist", "-C", "r:c:malloc(size_t n):u64:$entry(m)")
                        .refusal())
                .startsWith("argdist: $entry(m) is no parameter of");
        assertThat(ToolRun.of("argdist", "-H", "r:c:f():int,int:1,2").refusal())
                .startsWith("argdist: a histogram is of one number");
        assertThat(ToolRun.of("argdist", "-C", "p:c:malloc():int;x:1").refusal())
                .isEqualTo("argdist: not a type: \"int;x\"");
    }

    @Test
    void stackcountCountsStacksByProcess() {
        AtomicReference<Workload.Done> done = new AtomicReference<>();
        ToolRun run = ToolRun.beside(
                        () -> done.set(Workload.forks(12).run()),
                        "stackcount",
                        "-P",
                        "-K",
                        "t:sched:sched_process_fork",
                        "--json")
                .succeeded();
        assertThat(run.rows("pid", String.valueOf(done.get().pid())))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.path("count").asInt()).isEqualTo(12);
                    assertThat(r.path("kernel").toString()).contains("kernel_clone");
                    assertThat(r.path("user")).isEmpty();
                });
    }

    @Test
    void funclatencyMeasuresALibrarysFunction() {
        ToolRun run = ToolRun.beside(
                        () -> Workload.allocations(54321, 40).run(),
                        "funclatency",
                        "-p",
                        SELF,
                        "-F",
                        "c:mallo*",
                        "--json")
                .succeeded();
        assertThat(run.rows("Function", "malloc")).singleElement().satisfies(r -> {
            assertThat(r.path("unit").asText()).isEqualTo("nsecs");
            assertThat(ToolRun.count(r, 0, Long.MAX_VALUE)).isGreaterThanOrEqualTo(40);
        });
        assertThat(ToolRun.of("funclatency", "-u", "-m", "c:malloc").refusal())
                .isEqualTo("funclatency: -u or -m, not both");
        assertThat(ToolRun.of("funclatency", "t:sched:sched_switch").refusal())
                .isEqualTo("funclatency: functions take time, not t:sched:sched_switch");
    }

    @Test
    void tplistListsTracepointsAndTheirFields() {
        ToolRun run = ToolRun.of("tplist", "sched:sched_process_f*").succeeded();
        assertThat(run.out()).contains("sched:sched_process_fork").allMatch(l -> l.startsWith("sched:sched_process_f"));
        ToolRun fields =
                ToolRun.of("tplist", "-v", "sched:sched_process_exit", "--json").succeeded();
        assertThat(fields.rows())
                .singleElement()
                .satisfies(r -> assertThat(r.path("fields").toString())
                        .contains("pid_t pid")
                        .doesNotContain("common_"));
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.Binaries;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.event.PerfBuffer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probes in programs and libraries count exactly what these do. */
@Tag("native")
class UprobeTest {
    private static final String COUNT = """
            BPF_HASH(counts, u32, u64);
            int count(struct pt_regs *ctx) {
                counts.increment(bpf_get_current_pid_tgid() >> 32);
                return 0;
            }
            """;

    @TempDir
    Path folder;

    private static Long count(BPF bpf, long pid) {
        return bpf.hash("counts", Integer.class, Long.class).get((int) pid);
    }

    @ParameterizedTest
    @CsvSource({"-pie -fPIE", "-no-pie -fno-pie", "-static", "-static-pie -fPIE"})
    void countsEveryCallWhateverTheKindOfProgram(String flags) {
        Path program = CPrograms.compile(folder, "work", CPrograms.WORK, flags.split(" "));
        try (BPF bpf = BPF.fromSource(COUNT)) {
            BpfLink link = bpf.attachUprobe(program.toString(), "work", "count");
            assertThat(link).hasToString("count at p:" + program + ":work");
            var done = Workloads.run(program.toString(), "137");
            assertThat(count(bpf, done.pid())).isEqualTo(137);
            link.close();
            assertThat(count(bpf, Workloads.run(program.toString(), "137").pid()))
                    .isNull();
        }
    }

    record Call(long first, long second, long result) {}

    @Test
    void argumentsAndReturnValuesAreThoseOfTheCall() {
        Path program = CPrograms.compile(folder, "work", CPrograms.WORK);
        try (BPF bpf = BPF.fromSource("""
                        struct call { u64 first; u64 second; u64 result; };
                        BPF_HASH(calls, u64, struct call);
                        BPF_PERF_OUTPUT(events);
                        int enter(struct pt_regs *ctx) {
                            u64 thread = bpf_get_current_pid_tgid();
                            struct call c = { .first = PT_REGS_PARM1(ctx), .second = PT_REGS_PARM2(ctx) };
                            calls.update(&thread, &c);
                            return 0;
                        }
                        int leave(struct pt_regs *ctx) {
                            u64 thread = bpf_get_current_pid_tgid();
                            struct call *c = calls.lookup(&thread);
                            if (!c)
                                return 0;
                            struct call done = *c;
                            done.result = PT_REGS_RC(ctx);
                            events.perf_submit(ctx, &done, sizeof(done));
                            return 0;
                        }
                        """);
                PerfBuffer<Call> events = bpf.perfBuffer("events", Call.class)) {
            bpf.attachUprobe(program.toString(), "work", "enter");
            assertThat(bpf.attachUretprobe(program.toString(), "work", "leave").spec())
                    .hasToString("r:" + program + ":work");
            Workloads.run("taskset", "-c", "0", program.toString(), "40");
            List<Call> seen = new ArrayList<>();
            while (events.poll(Duration.ofMillis(10), (cpu, e) -> seen.add(e)) > 0) {}
            assertThat(seen)
                    .containsExactlyElementsOf(LongStream.range(0, 40)
                            .mapToObj(i -> new Call(i, 2 * i, 3 * i))
                            .toList());
        }
    }

    @Test
    void onlyTheProcessThatIsMeantIsCounted() throws Exception {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            Process one = waitingPython();
            Process other = waitingPython();
            bpf.attach(UprobeSpec.entry("c", "getppid").withPid((int) one.pid()), "count");
            finish(one);
            finish(other);
            assertThat(count(bpf, one.pid())).isEqualTo(77);
            assertThat(count(bpf, other.pid())).isNull();
        }
    }

    /** A process that calls getppid(3) 77 times once it is let go. */
    private static Process waitingPython() throws IOException {
        Process process = new ProcessBuilder(
                        "/usr/bin/python3",
                        "-c",
                        "import os; print('ready', flush=True); input(); [os.getppid() for _ in range(77)]")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).isEqualTo('r');
        return process;
    }

    private static void finish(Process process) throws Exception {
        try (OutputStream in = process.getOutputStream()) {
            in.write('\n');
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void addressesAndOffsetsAreTheSymbolsPlace() {
        Path program = CPrograms.compile(folder, "work", CPrograms.WORK);
        Binaries.Function work =
                Binaries.functions(program.toString(), Pattern.compile("work")).getFirst();
        for (UprobeSpec.Place place :
                List.of(new UprobeSpec.Address(work.address()), new UprobeSpec.FileOffset(work.fileOffset()))) {
            try (BPF bpf = BPF.fromSource(COUNT)) {
                bpf.attach(UprobeSpec.at(program.toString(), place), "count");
                assertThat(count(bpf, Workloads.run(program.toString(), "5").pid()))
                        .isEqualTo(5);
            }
        }
    }

    @Test
    void anOffsetInAFunctionIsReachedAsOftenAsItIsRun() {
        Path program = CPrograms.compile(folder, "steps", """
                void steps(void);
                __asm__(".text; .globl steps; .type steps, @function\\n"
                        "steps: nop; ret; nop; ret\\n"
                        ".size steps, . - steps");
                int main(void) {
                    for (int i = 0; i < 6; i++) steps();
                    for (int i = 0; i < 4; i++) ((void (*)(void)) ((char *) steps + 2))();
                    return 0;
                }
                """);
        for (String[] expected : new String[][] {{"steps", "6"}, {"steps+1", "6"}, {"steps+0x2", "4"}}) {
            try (BPF bpf = BPF.fromSource(COUNT)) {
                bpf.attachUprobe(program.toString(), expected[0], "count");
                assertThat(count(bpf, Workloads.run(program.toString()).pid())).isEqualTo(Long.parseLong(expected[1]));
            }
        }
    }

    @Test
    void functionsAreFoundByPattern() {
        Path program = CPrograms.compile(folder, "work", CPrograms.WORK);
        try (BPF bpf = BPF.fromSource(COUNT)) {
            BpfLink link = bpf.attachUprobes(
                    program.toString(), Pattern.compile("WORK|rest", Pattern.CASE_INSENSITIVE), "count");
            assertThat(link).hasToString("count at p:" + program + ":/WORK|rest/");
            assertThat(count(bpf, Workloads.run(program.toString(), "9").pid())).isEqualTo(18);
            link.close();
            assertThat(count(bpf, Workloads.run(program.toString(), "9").pid())).isNull();
        }
    }

    @Test
    void thousandsOfFunctionsAreProbedInASecond() {
        StringBuilder text = new StringBuilder();
        StringBuilder calls = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.append("__attribute__((noinline)) void step_")
                    .append(i)
                    .append("(void) { __asm__ volatile(\"\"); }\n");
            calls.append("step_").append(i).append("();\n");
        }
        Path program = CPrograms.compile(folder, "steps", text + "int main(void) {" + calls + "return 0; }", "-O0");
        try (BPF bpf = BPF.fromSource(COUNT)) {
            long start = System.nanoTime();
            bpf.attachUprobes(program.toString(), Pattern.compile("step_\\d+"), "count");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(count(bpf, Workloads.run(program.toString()).pid())).isEqualTo(3000);
        }
    }

    @Test
    @Conforms("test_uprobes.py TestUprobes.test_mount_namespace")
    void aProgramInAnotherMountNamespaceIsFoundThroughItsProcess() throws Exception {
        CPrograms.compile(folder, "work", CPrograms.WORK);
        Path hidden = Files.createDirectory(folder.resolve("hidden"));
        Process process = new ProcessBuilder(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs none " + hidden + " && cp " + folder + "/work " + hidden
                                + "/work && echo ready && read x && exec " + hidden + "/work 12")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).isEqualTo('r');
        assertThat(hidden.resolve("work")).doesNotExist();
        try (BPF bpf = BPF.fromSource(COUNT)) {
            String seenFromHere = "/proc/" + process.pid() + "/root" + hidden + "/work";
            assertThat(Binaries.find(hidden + "/work", (int) process.pid())).hasToString(seenFromHere);
            bpf.attachUprobe(seenFromHere, "work", "count");
            bpf.attachUretprobe(seenFromHere, "work", "count");
            finish(process);
            assertThat(count(bpf, process.pid())).isEqualTo(24);
        }
    }

    @Test
    @Conforms("test_uprobes.py TestUprobes.test_simple_library")
    @Conforms("test_uprobes.py TestUprobes.test_simple_binary")
    @Conforms("test_uprobes2.py TestUprobes.test_attach1")
    void librariesAndProgramsAreProbedAtEntryAndReturn() throws Exception {
        Path moved = CPrograms.compile(
                folder,
                "libmoved.so",
                "__attribute__((visibility(\"default\"))) void moved(void) {}",
                "-shared",
                "-Wl,-Ttext-segment,0x2000000");
        Path caller = CPrograms.compile(
                folder,
                "caller",
                "void moved(void);\nint main(void) { moved(); moved(); return 0; }",
                moved.toString(),
                "-Wl,-rpath," + folder);
        try (BPF bpf = BPF.fromSource(COUNT)) {
            Process python = waitingPython();
            bpf.attach(UprobeSpec.entry("c", "getppid").withPid((int) python.pid()), "count");
            bpf.attach(UprobeSpec.returnOf("c", "getppid").withPid((int) python.pid()), "count");
            finish(python);
            assertThat(count(bpf, python.pid())).isEqualTo(2 * 77);
            bpf.attachUprobe(caller.toString(), "_start", "count"); // which does not return
            bpf.attachUretprobe(caller.toString(), "main", "count");
            bpf.attachUprobe(moved.toString(), "moved", "count");
            assertThat(count(bpf, Workloads.run(caller.toString()).pid())).isEqualTo(1 + 1 + 2);
        }
    }

    @Test
    void aCookieTellsPlacesApart() {
        Path program = CPrograms.compile(folder, "work", CPrograms.WORK);
        try (BPF bpf = BPF.fromSource("""
                BPF_HASH(counts, u64, u64);
                int count(struct pt_regs *ctx) {
                    counts.increment(bpf_get_attach_cookie(ctx));
                    return 0;
                }
                """)) {
            bpf.attach(UprobeSpec.entry(program.toString(), "work").withCookie(11), "count");
            bpf.attach(UprobeSpec.returnOf(program.toString(), "rest").withCookie(-1), "count");
            Workloads.run(program.toString(), "8");
            assertThat(bpf.hash("counts", Long.class, Long.class))
                    .containsOnly(java.util.Map.entry(11L, 8L), java.util.Map.entry(-1L, 8L));
        }
    }

    @Test
    void versionsOfASymbolAreToldApart() throws IOException {
        Path versions = Files.writeString(folder.resolve("versions"), "V1 { global: *; }; V2 { } V1;");
        Path library = CPrograms.compile(
                folder, "libversioned.so", """
                long old_answer(void) { return 1; }
                long new_answer(void) { return 2; }
                __asm__(".symver old_answer,answer@V1; .symver new_answer,answer@@V2");
                """, "-shared", "-fPIC", "-Wl,--version-script=" + versions);
        Path program = CPrograms.compile(folder, "versioned", """
                long first(void); long answer(void);
                __asm__(".symver first,answer@V1");
                int main(void) { for (int i = 0; i < 3; i++) first(); return answer() == 2 ? 0 : 1; }
                """, library.toString(), "-Wl,-rpath," + folder);
        for (String[] expected : new String[][] {{"answer@V1", "3"}, {"answer@@V2", "1"}, {"answer", "1"}}) {
            try (BPF bpf = BPF.fromSource(COUNT)) {
                bpf.attachUprobe(library.toString(), expected[0], "count");
                assertThat(count(bpf, Workloads.run(program.toString()).pid())).isEqualTo(Long.parseLong(expected[1]));
            }
        }
    }
}

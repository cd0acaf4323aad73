package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.CgroupSpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.NamespaceSpec;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.RawSocketSpec;
import io.github.bcc4j.attach.RawTracepointSpec;
import io.github.bcc4j.attach.SocketSpec;
import io.github.bcc4j.attach.SockmapSpec;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.attach.TracepointSpec;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand attachments and hundreds of modules later, this process and the kernel hold what they held before. */
@Tag("native")
@Timeout(180)
class CyclesTest {
    private static final int MODULES = 160;
    private static final long MOST_GROWTH = 32 << 20;

    /** Names of our own: others may load programs on this machine meanwhile. */
    private static final String NAME = "cyc" + ProcessHandle.current().pid();

    private static CompiledModule module;

    @BeforeAll
    static void compile() {
        module = Compiler.compile("""
                BPF_SOCKHASH(sockets, u32, 4);
                BPF_HASH(%1$sm, u32, u64);
                BPF_PERF_OUTPUT(events);
                BPF_RINGBUF_OUTPUT(ring, 8);
                int %1$s(void *ctx) {
                    %1$sm.increment(1);
                    return 0;
                }
                int nothing(void *ctx) { return 0; }
                """.formatted(NAME), CompilerOptions.DEFAULT);
    }

    private static long descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("bcc4j"))
                .count();
    }

    private static long residentBytes() throws IOException {
        System.gc();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return 1024
                    * lines.filter(l -> l.startsWith("VmRSS:"))
                            .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                            .sum();
        }
    }

    /** The ids of our programs or maps in the kernel. */
    private static Set<String> ids(String kind) {
        Set<String> ids = new HashSet<>();
        for (String line : Workloads.run("bpftool", kind, "list").lines()) {
            if (line.matches("\\d+: .* name " + NAME + "m?\\b.*")) {
                ids.add(line.substring(0, line.indexOf(':')));
            }
        }
        return ids;
    }

    /** How many links of these programs there are. */
    private static long links(Set<String> programs) {
        return Workloads.run("bpftool", "link", "list").lines().stream()
                .filter(l -> programs.contains(l.replaceFirst("^.* prog (\\d+).*$", "$1")))
                .count();
    }

    /** What the kernel gives back it may do some milliseconds later. */
    private static long eventually(LongSupplier value) {
        return NetworkLab.eventually(value, 0);
    }

    /** How often, by the time the kernel takes to detach: microseconds, a millisecond, or tens of them. */
    private static int cycles(AttachSpec place) {
        return switch (place) {
            case IteratorSpec i -> 2000;
            case SocketSpec s -> 2000;
            case CgroupSpec c -> 2000;
            case SockmapSpec m -> 2000;
            case NamespaceSpec n -> 2000;
            case PerfEventSpec e -> 400;
            case RawTracepointSpec r -> 200;
            case TcSpec t when t.isFilter() -> 200;
            case TcSpec t -> 20;
            case XdpSpec x -> 20;
            case RawSocketSpec r -> 20;
            default -> 0;
        };
    }

    private static int cycle(BPF bpf, List<AttachSpec> places, int share) {
        int done = 0;
        for (AttachSpec place : places) {
            for (int i = 0; i < cycles(place); i += share, done++) {
                bpf.attach(place, NAME).close();
            }
        }
        return done;
    }

    /** What the kernel detaches in a tenth of a second each, side by side. */
    private static int slowCycle(BPF bpf, List<AttachSpec> places) {
        List<BpfLink> links =
                new ArrayList<>(bpf.attachTracepoints(Pattern.compile("syscalls:sys_enter_(get|set)[p-u].*"), NAME));
        for (AttachSpec place : places) {
            if (cycles(place) == 0 && !(place instanceof TracepointSpec)) {
                for (int i = 0; i < 8; i++) {
                    links.add(bpf.attach(place, NAME));
                }
            }
        }
        assertThat(bpf.links()).hasSameElementsAs(links);
        try (ExecutorService threads = Executors.newFixedThreadPool(links.size())) {
            links.forEach(link -> threads.execute(link::close));
        }
        return links.size();
    }

    @Test
    void tenThousandAttachments() throws IOException {
        try (NetworkLab lab = new NetworkLab();
                Cgroup cgroup = Cgroup.make();
                TestSocket socket = TestSocket.open();
                BPF bpf = BPF.load(module)) {
            List<AttachSpec> places = AttachRow.all(cgroup.path(), lab.namespace(1), socket.descriptor()).stream()
                    .filter(row -> row.lacking() == null)
                    .map(AttachRow::there)
                    .toList();
            cycle(bpf, places, 10);
            slowCycle(bpf, places);
            Set<String> programs = ids("prog");
            assertThat(programs).hasSizeGreaterThan(10);
            try (BpfLink link = bpf.attach(new CgroupSpec(cgroup.path(), ProgramType.CGROUP_EGRESS), NAME)) {
                assertThat(links(programs)).as("%s is seen", link).isEqualTo(1);
            }
            assertThat(ids("map")).hasSize(1);
            long descriptors = descriptors();
            long resident = residentBytes();

            int done = cycle(bpf, places, 1) + slowCycle(bpf, places);

            assertThat(done).isGreaterThan(10_000);
            assertThat(bpf.links()).isEmpty();
            assertThat(descriptors()).isEqualTo(descriptors);
            assertThat(ids("prog")).isEqualTo(programs);
            assertThat(eventually(() -> links(programs))).isZero();
            assertThat(eventually(CyclesTest::threads)).isZero();
            assertThat(residentBytes() - resident).isLessThan(MOST_GROWTH);
        }
        assertThat(eventually(() -> ids("prog").size() + ids("map").size())).isZero();
    }

    private static void loadUseAndClose() {
        try (BPF bpf = BPF.load(module)) {
            bpf.attachRawTracepoint("sched_process_hang", NAME);
            bpf.program(NAME, ProgramType.SOCKET_FILTER).testRun(new byte[64]);
            assertThat(bpf.hash(NAME + "m", Integer.class, Long.class)).containsEntry(1, 1L);
        }
    }

    @Test
    void hundredsOfModules() throws IOException {
        for (int i = 0; i < MODULES / 4; i++) {
            loadUseAndClose();
        }
        long descriptors = descriptors();
        long resident = residentBytes();
        for (int i = 0; i < MODULES; i++) {
            loadUseAndClose();
        }
        assertThat(descriptors()).isEqualTo(descriptors);
        assertThat(residentBytes() - resident).isLessThan(MOST_GROWTH);
        assertThat(eventually(() -> ids("prog").size() + ids("map").size())).isZero();
    }
}

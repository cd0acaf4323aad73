package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.kernel.KernelHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same C texts and the same workload through Debian's python3-bpfcc and through bcc4j: what the tables hold, and how it is decoded, is
 * the same; but where Python is known to decode it wrongly, which is tested too.
 */
@Tag("native")
class DifferentialTest {
    private static final int CALLS = 5;

    /**
     * A program that fills table t in five calls of a process that both harnesses name.
     *
     * @param name what is compared
     * @param lines of differential.txt, by their letters
     */
    record Shape(String name, Map<Character, List<String>> lines) {
        private String line(char letter) {
            return String.join("\n", lines.getOrDefault(letter, List.of()));
        }

        String text() {
            String update = line('U').isEmpty() ? "t.update(&k, &v);" : line('U');
            return line('T') + """

                    BPF_ARRAY(target, u32, 1);
                    BPF_ARRAY(calls, u32, 1);
                    %s
                    TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                        int zero = 0;
                        u32 *pid = target.lookup(&zero), *calls_so_far = calls.lookup(&zero);
                        if (!pid || !calls_so_far || *pid != bpf_get_current_pid_tgid() >> 32)
                            return 0;
                        u32 n = (*calls_so_far)++;
                        %s
                        %s
                        %s
                        return 0;
                    }
                    """.formatted(line('M'), line('K'), line('V'), update);
        }

        boolean differs() {
            return lines.containsKey('!');
        }

        String file() {
            return name.replaceAll("\\W+", "_");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    private static Path scratch;

    private static Process python;

    static Stream<Shape> shapes() throws IOException {
        try (InputStream in = DifferentialTest.class.getResourceAsStream("differential.txt")) {
            return Stream.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n"))
                    .filter(paragraph -> paragraph.startsWith("# "))
                    .map(paragraph -> {
                        List<String> all = paragraph.lines().toList();
                        return new Shape(
                                all.getFirst().substring(2),
                                all.stream()
                                        .skip(1)
                                        .collect(Collectors.groupingBy(
                                                line -> line.charAt(0),
                                                Collectors.mapping(
                                                        line -> line.substring(2)
                                                                .strip(),
                                                        Collectors.toList()))));
                    });
        }
    }

    /** One Python for all of them, as it takes longer to start than to compile; it works while ours do. */
    @BeforeAll
    static void start() throws IOException {
        Path folder = Files.createDirectory(scratch.resolve("texts"));
        for (Shape shape : shapes().toList()) {
            Files.writeString(folder.resolve(shape.file() + ".c"), shape.text());
        }
        Path script = scratch.resolve("differential.py");
        try (InputStream in = DifferentialTest.class.getResourceAsStream("differential.py")) {
            Files.copy(in, script);
        }
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/python3", script.toString(), folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("python.txt").toFile());
        builder.environment()
                .put(
                        "BCC_KERNEL_SOURCE",
                        KernelHeaders.installed().getFirst().joined(scratch).toString());
        python = builder.start();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        python.destroyForcibly().waitFor();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void dumpsAreEqual(Shape shape) throws Exception {
        List<String> ours = ours(shape);
        List<String> theirs = theirs(shape);
        if (shape.differs()) {
            assertThat(ours).containsExactlyInAnyOrderElementsOf(shape.lines().get('='));
            assertThat(theirs)
                    .as(shape.line('!'))
                    .containsExactlyInAnyOrderElementsOf(shape.lines().get('?'));
            assertThat(Set.copyOf(theirs)).isNotEqualTo(Set.copyOf(ours));
        } else {
            assertThat(ours)
                    .containsExactlyInAnyOrderElementsOf(theirs)
                    .hasSize(shape.text().contains("BPF_HISTOGRAM(t);") ? 64 : CALLS);
        }
    }

    private static List<String> ours(Shape shape) throws Exception {
        try (BPF bpf = BPF.fromSource(shape.text())) {
            String table = shape.line('M');
            if (table.startsWith("BPF_PERF_OUTPUT")) {
                try (EventBuffer<Object> events = bpf.perfBuffer("t", Object.class)) {
                    return events(bpf, events);
                }
            }
            if (table.startsWith("BPF_RINGBUF_OUTPUT")) {
                try (EventBuffer<Object> events = bpf.ringBuffer("t", Object.class)) {
                    return events(bpf, events);
                }
            }
            call(bpf);
            if (table.startsWith("BPF_QUEUE")) {
                return shown(bpf.queue("t", Object.class).drain());
            }
            if (table.startsWith("BPF_STACK")) {
                return shown(bpf.stack("t", Object.class).drain());
            }
            if (table.contains("\"percpu_array\"")) {
                return shown(bpf.perCpuArray("t", Object.class).reduced(DifferentialTest::sorted));
            }
            if (table.contains("percpu_hash\"")) {
                return shown(bpf.perCpuHash("t", Object.class, Object.class).reduced(DifferentialTest::sorted));
            }
            return shown(bpf.table("t"));
        }
    }

    private static List<String> events(BPF bpf, EventBuffer<Object> events) throws Exception {
        List<String> lines = new ArrayList<>();
        call(bpf);
        while (lines.size() < CALLS) {
            assertThat(events.poll(Duration.ofSeconds(20), event -> lines.add(show(event))))
                    .isPositive();
        }
        return lines;
    }

    private static List<String> shown(List<?> values) {
        return values.stream().map(DifferentialTest::show).toList();
    }

    private static List<String> shown(Map<?, ?> entries) {
        List<String> lines = new ArrayList<>();
        entries.forEach((key, value) -> lines.add(show(key) + " = " + show(value)));
        return lines;
    }

    /** Nobody knows on which CPU a call was. */
    private static List<String> sorted(List<?> perCpu) {
        return perCpu.stream().map(value -> "sorted " + show(value)).sorted().toList();
    }

    private static void call(BPF bpf) throws Exception {
        Process caller = new ProcessBuilder(
                        "/usr/bin/python3", "-c", "import os\ninput()\nfor _ in range(" + CALLS + "): os.getppid()")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        bpf.array("target", Integer.class).put(0, (int) caller.pid());
        try (var out = caller.getOutputStream()) {
            out.write('\n');
        }
        assertThat(caller.waitFor()).isZero();
    }

    private static String show(Object value) {
        return switch (value) {
            case Map<?, ?> m ->
                m.values().stream().map(DifferentialTest::show).collect(Collectors.joining(",", "{", "}"));
            case List<?> l -> l.stream().map(DifferentialTest::show).collect(Collectors.joining(",", "[", "]"));
            case String s when s.startsWith("sorted ") -> s.substring(7);
            case String s -> HexFormat.of().formatHex(s.getBytes(StandardCharsets.UTF_8));
            default -> String.valueOf(value);
        };
    }

    private static List<String> theirs(Shape shape) throws IOException {
        Path dump = scratch.resolve("texts").resolve(shape.file() + ".dump");
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!Files.exists(dump)) {
            assertThat(python.isAlive() || Files.exists(dump))
                    .as(() -> "Python goes on: " + said())
                    .isTrue();
            assertThat(System.nanoTime()).as("Python's time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
        return Files.readAllLines(dump);
    }

    private static String said() {
        try {
            return Files.readString(scratch.resolve("python.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}

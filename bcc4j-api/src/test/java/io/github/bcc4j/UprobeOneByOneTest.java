package io.github.bcc4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.UprobesSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The way kernels before 6.6 attach many uprobes: a descriptor for each, all closed with the one link. */
@Tag("native")
class UprobeOneByOneTest {
    @Test
    void everyFunctionGetsADescriptorAndGivesItBack() throws IOException {
        try (BPF bpf = BPF.fromSource("int nothing(struct pt_regs *ctx) { return 0; }")) {
            BpfProgram program = bpf.program("nothing", ProgramType.KPROBE);
            long before = descriptors();
            UprobesSpec spec = new UprobesSpec("c", Pattern.compile("get[pgu]+id"), OptionalInt.empty(), false);
            BpfLink link = UprobeAttacher.many(program, spec, l -> {});
            long mine = descriptors() - before;
            assertThat(mine).isBetween(4L, 10L);
            link.close();
            assertThat(descriptors()).isEqualTo(before);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(Files::isSymbolicLink)
                    .map(UprobeOneByOneTest::target)
                    .filter(t -> t.contains("perf_event"))
                    .count();
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "";
        }
    }
}

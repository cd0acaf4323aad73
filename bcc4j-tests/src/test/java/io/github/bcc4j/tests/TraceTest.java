package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.TraceLine;
import io.github.bcc4j.event.TracePipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** bpf_trace_printk, read as parsed lines. */
@Tag("native")
class TraceTest {
    @Test
    void everyPrintedLineComesOnce() {
        try (BPF bpf = BPF.fromSource("""
                        TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                            bpf_trace_printk("bcc4j %d\\n", 7);
                            return 0;
                        }
                        """);
                TracePipe pipe = bpf.trace()) {
            long pid = Workloads.getppids(5).pid();
            List<TraceLine> mine = new ArrayList<>();
            for (Optional<TraceLine> line = pipe.poll(Duration.ofSeconds(5));
                    line.isPresent() && mine.size() < 5;
                    line = pipe.poll(Duration.ofMillis(200))) {
                if (line.get().pid() == pid) {
                    mine.add(line.get());
                }
            }
            assertThat(mine).hasSize(5).allSatisfy(l -> {
                assertThat(l.message()).isEqualTo("bcc4j 7");
                assertThat(l.task()).isEqualTo("python3");
                assertThat(l.seconds()).isPositive();
            });
        }
    }

    @Test
    void closingEndsAReaderThatWaits() throws Exception {
        TracePipe pipe = TracePipe.open();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            begun.complete(null);
            return pipe.stream().count();
        });
        begun.get(5, TimeUnit.SECONDS);
        pipe.close();
        pipe.close();
        assertThat(reader.get(5, TimeUnit.SECONDS)).isNotNegative();
    }
}

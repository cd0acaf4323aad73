package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.compile.CompileCache;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** A short life of a tool, for the JVM to learn which classes one needs: the launcher keeps them in an archive. */
@Command(name = "train", hidden = true, description = "Runs once through what tools do.")
final class TrainCommand extends Subcommand {
    private static final String TEXT = """
            #include <linux/sched.h>
            struct event { u32 pid; char comm[16]; };
            BPF_PERF_OUTPUT(events);
            BPF_HASH(counts, u32, u64);
            BPF_HISTOGRAM(dist);
            RAW_TRACEPOINT_PROBE(sys_enter) {
                struct task_struct *task = (struct task_struct *)bpf_get_current_task();
                struct event e = {.pid = task->tgid};
                bpf_get_current_comm(&e.comm, sizeof(e.comm));
                events.perf_submit(ctx, &e, sizeof(e));
                counts.increment(e.pid);
                dist.increment(bpf_log2l(e.pid));
                return 0;
            }
            TRACEPOINT_PROBE(sched, sched_process_exec) { return 0; }
            """;

    record Event(int pid, String comm) {}

    @Override
    protected void run(Session session) throws IOException {
        Path cache = Files.createTempDirectory("bcc4j-train-");
        CompilerOptions options = CompilerOptions.DEFAULT.withCache(CompileCache.at(cache));
        try {
            Compiler.compile(TEXT, options);
            try (BPF bpf = BPF.fromSource(TEXT, options);
                    PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class)) {
                events.poll(Duration.ofMillis(20), e -> {});
                bpf.hash("counts", Integer.class, Long.class).forEach((pid, count) -> {});
                bpf.histogram("dist").log2("pids").toString();
            }
        } catch (BpfException e) {
            print("%s%n", e.getMessage()); // as far as this user and kernel let it come
        } finally {
            try (Stream<Path> files = Files.list(cache)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(cache);
        }
    }
}

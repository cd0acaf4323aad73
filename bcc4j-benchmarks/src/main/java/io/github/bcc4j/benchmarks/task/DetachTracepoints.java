package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.benchmarks.Texts;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import java.util.List;

/** Closes a BPF object with ten tracepoints attached. */
public final class DetachTracepoints implements Task {
    private static final List<String> CALLS = List.of(
            "getppid", "getuid", "geteuid", "getgid", "getegid", "getpgid", "getsid", "getpriority", "sync", "umask");

    private final CompiledModule module = Compiler.compile(Texts.bpf("detach"), CompilerOptions.DEFAULT);

    /**
     * Compiles the program.
     *
     * @param variant there is one
     * @param size one
     */
    public DetachTracepoints(String variant, int size) {}

    @Override
    public void round(Report report) {
        BPF bpf = BPF.load(module);
        CALLS.forEach(call -> bpf.attachTracepoint("syscalls:sys_enter_" + call, "on_call"));
        long before = System.nanoTime();
        bpf.close();
        report.measured("wall", System.nanoTime() - before);
    }

    @Override
    public void close() {}
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.diagnostic.Disassembly;
import io.github.bcc4j.diagnostic.Instruction;
import io.github.bcc4j.symbol.FoldedStacks;
import io.github.bcc4j.symbol.Frame;
import io.github.bcc4j.symbol.Frame.Kind;
import io.github.bcc4j.symbol.JavaPerfMap;
import io.github.bcc4j.symbol.StackResolver;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stacks that the running kernel took of programs whose calls are known. */
@Tag("native")
@Timeout(120)
class StackNamesTest {
    private static final String STACK_OF_GETPPID = """
            struct stack { u64 kernel[32]; u64 user[32]; };
            BPF_ARRAY(stacks, struct stack, 1);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                int zero = 0;
                struct stack *s = stacks.lookup(&zero);
                if (!s || bpf_get_current_pid_tgid() >> 32 != PID)
                    return 0;
                bpf_get_stack(args, s->kernel, sizeof(s->kernel), 0);
                bpf_get_stack(args, s->user, sizeof(s->user), BPF_F_USER_STACK);
                return 0;
            }
            """;

    record Stack(long[] kernel, long[] user) {}

    @TempDir
    private Path folder;

    private static Stack capture(Process process) throws IOException {
        try (BPF bpf = BPF.fromSource(STACK_OF_GETPPID, CompilerOptions.DEFAULT.define("PID", process.pid()))) {
            Map<Integer, Stack> stacks = bpf.array("stacks", Stack.class);
            process.outputWriter().write("go\n");
            process.outputWriter().flush();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (stacks.get(0).user()[0] == 0 && System.nanoTime() < until) {
                LockSupport.parkNanos(1_000_000);
            }
            return stacks.get(0);
        }
    }

    @Test
    void theFunctionsOfAKnownCallChainAreNamedInOrder() throws Exception {
        Path file = CPrograms.compile(folder, "chain", """
                #include <stdio.h>
                #include <sys/syscall.h>
                #define APART __attribute__((noinline)) static
                APART long leaf(void) {
                    long result = __NR_getppid;
                    __asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
                    return result;
                }
                APART long middle(void) { long r = leaf(); __asm__ volatile(""); return r + 1; }
                APART long outer(void) { long r = middle(); __asm__ volatile(""); return r + 1; }
                int main() {
                    puts("ready");
                    fflush(stdout);
                    getchar();
                    long r = outer();
                    __asm__ volatile("");
                    fclose(stdout);
                    for (;;) if (getchar() == EOF) return (int)r;
                }
                """, "-O0");
        Process chain = new ProcessBuilder(file.toString()).start();
        try (BufferedReader out = chain.inputReader();
                StackResolver names = new StackResolver()) {
            assertThat(out.readLine()).isEqualTo("ready");
            Stack stack = capture(chain);
            List<Frame> frames = names.resolve(stack.kernel, stack.user, (int) chain.pid());
            List<Frame> user =
                    frames.stream().filter(f -> f.kind() == Kind.USER).toList();
            assertThat(user).extracting(Frame::name).startsWith("leaf", "middle", "outer", "main");
            assertThat(user.subList(0, 4)).extracting(Frame::module).containsOnly(file.toString());
            assertThat(frames)
                    .filteredOn(f -> f.kind() == Kind.KERNEL)
                    .extracting(Frame::name)
                    .contains("do_syscall_64");
            FoldedStacks folded = new FoldedStacks(FoldedStacks.Style.DELIMITER, FoldedStacks.Style.ANNOTATIONS);
            folded.add("chain", frames, 1);
            assertThat(folded.toString())
                    .startsWith("chain;")
                    .containsPattern(";main;outer;middle;leaf;-;entry_SYSCALL_64\\w*_\\[k];do_syscall_64_\\[k];.* 1\n");
        } finally {
            chain.destroyForcibly().waitFor();
        }
    }

    /** Calls getppid from a method that is compiled. */
    static final class Caller {
        static final MethodHandle GETPPID = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().find("getppid").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT));

        static int hot(int times) throws Throwable {
            int sum = 0;
            for (int i = 0; i < times; i++) {
                sum += (int) GETPPID.invokeExact();
            }
            return sum;
        }

        public static void main(String[] arguments) throws Throwable {
            int sum = 0;
            for (int i = 0; i < 20_000; i++) {
                sum += hot(10);
            }
            System.out.println(sum == 1 ? "" : "ready");
            System.in.read();
            while (System.in.available() < 100) {
                sum += hot(1000);
            }
        }
    }

    @Test
    void aJavaMethodThatCallsTheKernelIsNamed() throws Exception {
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xbatch",
                        "-XX:+PreserveFramePointer",
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=dontinline,*Caller.hot",
                        "-cp",
                        Path.of(Caller.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        Caller.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path map = null;
        try (BufferedReader out = jvm.inputReader();
                StackResolver names = new StackResolver()) {
            assertThat(out.readLine()).isEqualTo("ready");
            Stack stack = capture(jvm);
            map = JavaPerfMap.write((int) jvm.pid());
            List<Frame> frames = names.user(stack.user, (int) jvm.pid());
            assertThat(frames.getFirst().name()).isEqualTo("getppid");
            assertThat(frames)
                    .filteredOn(f -> f.kind() == Kind.JIT)
                    .extracting(Frame::name)
                    .contains("int " + Caller.class.getName() + ".hot(int)");
        } finally {
            jvm.destroyForcibly().waitFor();
            if (map != null) {
                Files.deleteIfExists(Path.of("/tmp").resolve(map.getFileName()));
            }
        }
    }

    @Test
    void aLoadedProgramIsDisassembledAsTheKernelHasIt() {
        try (BPF bpf = BPF.fromSource("""
                BPF_HASH(counts, u32, u64);
                int tick(void *ctx) {
                    counts.increment(7);
                    return bpf_get_smp_processor_id();
                }
                """)) {
            Disassembly loaded = bpf.program("tick", ProgramType.TRACEPOINT).disassemble();
            assertThat(loaded.program()).isEqualTo("tick");
            assertThat(loaded.instructions())
                    .extracting(Instruction::text)
                    .anyMatch(t -> t.matches("r\\d = map\\[id:\\d+]"))
                    .anyMatch(t -> t.matches("call \\w*htab_map_\\w+"))
                    .endsWith("exit");
            assertThat(loaded.toString()).contains("; /virtual/main.c:3: counts.increment(7);\n");
        }
    }
}

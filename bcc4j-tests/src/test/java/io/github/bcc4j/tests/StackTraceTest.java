package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Binaries;
import io.github.bcc4j.symbol.BuildIdSymbols;
import io.github.bcc4j.symbol.Frame;
import io.github.bcc4j.symbol.StackResolver;
import io.github.bcc4j.symbol.Symbol;
import io.github.bcc4j.table.BpfStackTraces;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stacks of a process that calls getppid. */
@Tag("native")
class StackTraceTest {
    private static final String TEXT = """
            BPF_STACK_TRACE(stacks, 64);
            BPF_STACK_TRACE_BUILDID(places, 64);
            BPF_STACK_TRACE(one, 1);
            BPF_HASH(kernel, u32, s64);
            BPF_HASH(user, u32, s64);
            BPF_HASH(user_places, u32, s64);
            BPF_HASH(crowded, u32, s64);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                u32 pid = bpf_get_current_pid_tgid() >> 32;
                s64 id = stacks.get_stackid(args, 0);
                kernel.update(&pid, &id);
                id = stacks.get_stackid(args, BPF_F_USER_STACK);
                user.update(&pid, &id);
                id = places.get_stackid(args, BPF_F_USER_STACK);
                user_places.update(&pid, &id);
                one.get_stackid(args, 0);
                id = one.get_stackid(args, BPF_F_USER_STACK);
                crowded.update(&pid, &id);
                return 0;
            }
            """;

    @Test
    void stacksComeByIdAndResolve() {
        try (BPF bpf = BPF.fromSource(TEXT);
                StackResolver resolver = new StackResolver()) {
            int pid = (int) Workloads.getppids(20).pid();
            BpfStackTraces stacks = bpf.stackTraces("stacks");
            long kernelId = bpf.hash("kernel", Integer.class, Long.class).get(pid);
            long userId = bpf.hash("user", Integer.class, Long.class).get(pid);
            long[] kernel = stacks.addresses(kernelId);
            assertThat(resolver.kernel(kernel)).extracting(Frame::name).anyMatch(n -> n.startsWith("do_syscall_64"));
            assertThat(LongStream.of(kernel)).isNotEmpty().allMatch(a -> a < 0); // in the upper half
            assertThat(LongStream.of(stacks.addresses(userId))).isNotEmpty().allMatch(a -> a > 0);
            Map<Integer, long[]> all = stacks.snapshot().entries();
            assertThat(all.get((int) kernelId)).isEqualTo(kernel);
            assertThat(all).containsKey((int) userId);
            assertThat(stacks.remove(userId)).isTrue();
            assertThat(stacks.remove(userId)).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> stacks.addresses(userId))
                    .withMessage("stack traces \"stacks\" have no stack " + userId
                            + ": it was removed, or its id is of another table");
            stacks.clear();
            assertThat(stacks.snapshot().entries()).isEmpty();
        }
    }

    @Test
    @Conforms("test_stackid.py TestStackBuildid.test_simple")
    void framesMayBePlacesInFiles() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            int pid = (int) Workloads.getppids(20).pid();
            BpfStackTraces places = bpf.stackTraces("places");
            assertThat(places.hasBuildIds()).isTrue();
            long id = bpf.hash("user_places", Integer.class, Long.class).get(pid);
            List<BpfStackTraces.Place> stack = places.places(id);
            assertThat(stack.getFirst().buildId()).matches("[0-9a-f]{40}");
            BuildIdSymbols symbols = new BuildIdSymbols();
            String libc = symbols.add(Binaries.find("c"));
            assertThat(stack.getFirst().buildId()).isEqualTo(libc);
            assertThat(symbols.resolve(libc, stack.getFirst().offset()).map(Symbol::name))
                    .contains("getppid");
            assertThatIllegalStateException()
                    .isThrownBy(() -> places.addresses(id))
                    .withMessage("stack traces \"places\" have build-ids: use places()");
        }
    }

    @Test
    void aRefusedStackIsExplained() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            int pid = (int) Workloads.getppids(20).pid();
            BpfStackTraces one = bpf.stackTraces("one");
            long id = bpf.hash("crowded", Integer.class, Long.class).get(pid);
            assertThat(id).isEqualTo(-17);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one.addresses(id))
                    .withMessage(
                            "no stack but a refusal: get_stackid returned EEXIST (File exists): another stack has the"
                                    + " place of this one in table \"one\", which has 1 places: give it more, or let the newer"
                                    + " win by BPF_F_REUSE_STACKID");
            assertThat(one.explain(-14)).contains("a kernel thread has no user stack");
            assertThat(one.explain(3)).isEqualTo("stack id 3");
            assertThatIllegalStateException()
                    .isThrownBy(() -> one.places(0))
                    .withMessage("stack traces \"one\" have addresses, not build-ids: use addresses()");
        }
    }
}

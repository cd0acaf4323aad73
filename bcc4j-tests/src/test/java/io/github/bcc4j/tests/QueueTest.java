package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.table.BpfQueue;
import io.github.bcc4j.type.LayoutMismatchException;
import io.github.bcc4j.type.Unsigned;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Queues and stacks, filled by Java and by programs. */
@Tag("native")
@BpfTest(QueueTest.TEXT)
class QueueTest {
    static final String TEXT = """
            struct point { u32 x; u64 y; };
            BPF_ARRAY(calls, u64, 1);
            BPF_QUEUE(a_queue, struct point, 4);
            BPF_STACK(a_stack, u64, 4);
            int push(void *ctx) {
                int zero = 0;
                u64 *n = calls.lookup(&zero);
                if (!n)
                    return 0;
                *n += 1;
                struct point p = { .x = 10 * *n, .y = *n };
                a_queue.push(&p, 0);
                a_stack.push(n, BPF_EXIST);
                return 0;
            }
            int pop(void *ctx) {
                u64 top = 0;
                a_stack.pop(&top);
                return top;
            }
            """;

    record Point(@Unsigned int x, long y) {}

    @Test
    void whatAProgramPutsInComesOutInOrder(BPF bpf) {
        bpf.program("push", ProgramType.SOCKET_FILTER).testRun(new byte[64], 6);
        BpfQueue<Point> queue = bpf.queue("a_queue", Point.class);
        BpfQueue<Long> stack = bpf.stack("a_stack", Long.class);
        assertThat(queue.peek()).contains(new Point(10, 1));
        assertThat(queue.pop()).contains(new Point(10, 1));
        assertThat(queue.drain()).containsExactly(new Point(20, 2), new Point(30, 3), new Point(40, 4));
        assertThat(queue.pop()).isEmpty();
        assertThat(queue.peek()).isEmpty();
        assertThat(stack.drain()).containsExactly(6L, 5L, 4L, 3L); // each made room for itself
    }

    @Test
    void whatJavaPutsInAProgramTakesOut(BPF bpf) {
        BpfQueue<Long> stack = bpf.stack("a_stack", Long.class);
        stack.push(41L);
        stack.push(42L);
        assertThat(bpf.program("pop", ProgramType.SOCKET_FILTER).testRun(new byte[64]))
                .isEqualTo(42);
        assertThat(stack.drain()).containsExactly(41L);
    }

    @Test
    void aFullOneRefusesUnlessTheOldestMayGo(BPF bpf) {
        BpfQueue<Point> queue = bpf.queue("a_queue", Point.class);
        assertThat(queue.maxEntries()).isEqualTo(4);
        for (int i = 1; i <= 4; i++) {
            queue.push(new Point(i, i));
        }
        assertThatExceptionOfType(BpfSyscallException.class)
                .isThrownBy(() -> queue.push(new Point(5, 5)))
                .withMessageContaining("put into table \"a_queue\": E2BIG (Argument list too long)")
                .withMessageContaining("the table is full, it holds 4 entries");
        queue.pushOverOldest(new Point(5, 5));
        assertThat(queue.drain()).extracting(Point::x).containsExactly(2, 3, 4, 5);
        queue.push(new Point(6, 6));
        queue.clear();
        assertThat(queue.pop()).isEmpty();
    }

    @Test
    @Conforms("test_queuestack.py TestQueueStack.test_queue")
    @Conforms("test_queuestack.py TestQueueStack.test_stack")
    void tenNumbersComeBackInTheOrderOfTheKind() {
        try (BPF bpf = BPF.fromSource("BPF_QUEUE(a_queue, u64, 10);\nBPF_STACK(a_stack, u64, 10);")) {
            List<Long> upwards = LongStream.range(0, 10).boxed().toList();
            for (BpfQueue<Long> table : List.of(bpf.queue("a_queue", Long.class), bpf.stack("a_stack", Long.class))) {
                List<Long> order = table.name().equals("a_queue") ? upwards : upwards.reversed();
                for (int round = 0; round < 2; round++) {
                    upwards.forEach(table::push);
                    assertThatExceptionOfType(BpfSyscallException.class).isThrownBy(() -> table.push(10L));
                    assertThat(table.peek()).contains(order.getFirst());
                    assertThat(
                                    round == 0
                                            ? Stream.generate(table::pop)
                                                    .limit(10)
                                                    .map(Optional::orElseThrow)
                                                    .toList()
                                            : table.drain())
                            .isEqualTo(order);
                    assertThat(table.peek()).isEmpty();
                    assertThat(table.pop()).isEmpty();
                }
            }
        }
    }

    @Test
    void mistakesAreRefused() {
        BpfQueue<Long> stack;
        try (BPF bpf = BPF.fromSource(TEXT)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.hash("a_queue", Integer.class, Long.class))
                    .withMessage("table \"a_queue\" is a queue, not a hash: use queue()");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.queue("a_stack", Long.class))
                    .withMessage("table \"a_stack\" is a stack, not a queue: use stack()");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.queue("calls", Long.class))
                    .withMessage("table \"calls\" is an array, not a queue: use array()");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.table("a_queue"))
                    .withMessage("table \"a_queue\" is a queue, not a table of keys and values: use queue()");
            assertThatExceptionOfType(LayoutMismatchException.class)
                    .isThrownBy(() -> bpf.queue("a_queue", Long.class))
                    .withMessageContaining("value of \"a_queue\" does not fit Long");
            stack = bpf.stack("a_stack", Long.class);
        }
        assertThatIllegalStateException().isThrownBy(stack::pop).withMessage("table \"a_stack\" is closed");
    }
}

package io.github.bcc4j.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** Errors are the calling thread's own. */
class SyscallTest {
    private static final int ROUNDS = 20_000;

    private static void assertOwnErrors(ExecutorService threads) throws Exception {
        // Calls that fail for four different reasons, and one that does not fail.
        List<IntSupplier> calls = List.of(
                () -> Linux.close(-1),
                () -> Linux.openNonBlocking("/nowhere"),
                () -> Linux.protect(1, 1, Linux.PROT_READ),
                () -> Linux.openNonBlocking("/dev/null/x"),
                () -> Linux.protect(0, 0, Linux.PROT_READ));
        int[] expected = {-Errno.EBADF, -Errno.ENOENT, -Errno.EINVAL, -20 /* ENOTDIR */, 0};
        CountDownLatch start = new CountDownLatch(calls.size());
        List<Future<?>> results = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            IntSupplier call = calls.get(i);
            int result = expected[i];
            results.add(threads.submit(() -> {
                start.countDown();
                start.await();
                for (int round = 0; round < ROUNDS; round++) {
                    assertThat(call.getAsInt()).isEqualTo(result);
                }
                return null;
            }));
        }
        for (Future<?> result : results) {
            result.get();
        }
    }

    @Test
    void onPlatformThreads() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            assertOwnErrors(threads);
        }
    }

    @Test
    void onVirtualThreads() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertOwnErrors(threads);
        }
    }
}

package io.github.bcc4j.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FdTest {
    private static boolean isOpen(int number) {
        return Files.exists(Path.of("/proc/self/fd/" + number), LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void closingClosesOnce() {
        Fd fd = Fd.own(Linux.eventFd(), "counter");
        int number = fd.number();
        assertThat(isOpen(number)).isTrue();
        assertThat(fd).hasToString("counter (fd " + number + ")");
        fd.close();
        assertThat(isOpen(number)).isFalse();
        List<Integer> reused = new ArrayList<>();
        while (!reused.contains(number)) {
            reused.add(Linux.eventFd()); // the kernel gives the lowest free number
        }
        fd.close();
        assertThat(reused).allMatch(FdTest::isOpen).allMatch(n -> Linux.close(n) == 0);
        assertThat(fd).hasToString("counter (fd " + number + ", closed)");
    }

    @Test
    void useAfterCloseIsRefused() {
        Fd fd = Fd.own(Linux.eventFd(), "map \"counts\"");
        assertThat(fd.isClosed()).isFalse();
        fd.close();
        assertThat(fd.isClosed()).isTrue();
        assertThatThrownBy(() -> fd.call(Linux::signal))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("map \"counts\" is closed");
        assertThatThrownBy(() -> fd.use(Linux::signal))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("map \"counts\" is closed");
        assertThatThrownBy(fd::number).isInstanceOf(IllegalStateException.class).hasMessage("map \"counts\" is closed");
    }

    @Test
    void anErrorIsNoDescriptor() {
        assertThatThrownBy(() -> Fd.own(-Errno.EPERM, "map"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a descriptor: -1");
    }

    @Test
    void aCallUnderWayKeepsTheNumber() throws Exception {
        Fd fd = Fd.own(Linux.eventFd(), "counter");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Boolean> openAfterClose = CompletableFuture.supplyAsync(() -> fd.use(number -> {
            inside.countDown();
            await(go);
            return isOpen(number);
        }));
        inside.await();
        int number = fd.number();
        fd.close();
        assertThat(fd.isClosed()).isTrue();
        assertThatThrownBy(() -> fd.call(n -> 0)).hasMessage("counter is closed");
        go.countDown();
        assertThat(openAfterClose.get()).isTrue();
        assertThat(isOpen(number)).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aThrowingCallReleasesTheNumber() {
        Fd fd = Fd.own(Linux.eventFd(), "counter");
        int number = fd.number();
        assertThatThrownBy(() -> fd.call(n -> {
                    throw new IllegalArgumentException("mine");
                }))
                .hasMessage("mine");
        fd.close();
        assertThat(isOpen(number)).isFalse();
    }

    @Test
    void manyThreadsUsingAndClosing() throws Exception {
        for (int round = 0; round < 200; round++) {
            Fd fd = Fd.own(Linux.eventFd(), "counter");
            AtomicInteger failed = new AtomicInteger();
            CompletableFuture<?>[] users = new CompletableFuture<?>[4];
            for (int i = 0; i < users.length; i++) {
                boolean closes = i == 0;
                users[i] = CompletableFuture.runAsync(() -> {
                    try {
                        for (int n = ThreadLocalRandom.current().nextInt(100); n > 0; n--) {
                            if (fd.call(Linux::signal) != 8) {
                                failed.incrementAndGet(); // EBADF: closed under the call
                            }
                        }
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("counter is closed");
                    }
                    if (closes) {
                        fd.close();
                    }
                });
            }
            CompletableFuture.allOf(users).get(30, TimeUnit.SECONDS);
            assertThat(failed).hasValue(0);
            assertThat(fd.isClosed()).isTrue();
        }
    }

    @Test
    void aForgottenOneIsClosed() {
        int number = forget();
        while (isOpen(number)) {
            System.gc(); // until the time-out
            Thread.onSpinWait();
        }
        assertThat(isOpen(number)).isFalse();
    }

    private static int forget() {
        return Fd.own(Linux.eventFd(), "counter").number();
    }
}

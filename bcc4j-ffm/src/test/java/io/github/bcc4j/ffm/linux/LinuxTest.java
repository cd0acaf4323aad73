package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinuxTest {
    private static Fd own(int number) {
        return Fd.own(number, "descriptor");
    }

    @Test
    void signalsReachProcessesThatExist() {
        assertThat(Linux.kill((int) ProcessHandle.current().pid(), 0)).isZero();
        assertThat(Linux.kill(Integer.MAX_VALUE, 0)).isEqualTo(-3 /* ESRCH */);
    }

    @Test
    void epollReportsTheTagsOfWhatIsReadable() {
        try (Fd epoll = own(Linux.epollCreate());
                Fd first = own(Linux.eventFd());
                Fd second = own(Linux.eventFd())) {
            assertThat(Linux.epollAdd(epoll.number(), first.number(), 11)).isZero();
            assertThat(Linux.epollAdd(epoll.number(), second.number(), Integer.MIN_VALUE))
                    .isZero();
            assertThat(Linux.epollAdd(epoll.number(), second.number(), 0)).isEqualTo(-Errno.EEXIST);
            int[] tags = new int[4];
            assertThat(Linux.epollWait(epoll.number(), tags, 0)).isZero();
            assertThat(Linux.signal(second.number())).isEqualTo(8);
            assertThat(Linux.epollWait(epoll.number(), tags, -1)).isEqualTo(1);
            assertThat(tags).containsExactly(Integer.MIN_VALUE, 0, 0, 0);
            assertThat(Linux.signal(first.number())).isEqualTo(8);
            assertThat(Linux.epollWait(epoll.number(), tags, -1)).isEqualTo(2);
            assertThat(tags).containsExactlyInAnyOrder(Integer.MIN_VALUE, 11, 0, 0);
            assertThat(Linux.epollWait(epoll.number(), new int[1], -1)).isEqualTo(1);
        }
    }

    @Test
    void aSignalWakesAWaiter() throws Exception {
        try (Fd epoll = own(Linux.epollCreate());
                Fd counter = own(Linux.eventFd())) {
            Linux.epollAdd(epoll.number(), counter.number(), 7);
            int[] tags = new int[1];
            CompletableFuture<Integer> waiter =
                    CompletableFuture.supplyAsync(() -> Linux.epollWait(epoll.number(), tags, -1));
            assertThat(waiter.isDone()).isFalse();
            Linux.signal(counter.number());
            assertThat(waiter.get()).isEqualTo(1);
            assertThat(tags).containsExactly(7);
        }
    }

    @Test
    void aWaitEnds() {
        try (Fd epoll = own(Linux.epollCreate())) {
            long start = System.nanoTime();
            assertThat(Linux.epollWait(epoll.number(), new int[1], 20)).isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000L);
        }
        assertThat(Linux.epollWait(-1, new int[1], 0)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void anEventCounterCounts() {
        try (Fd counter = own(Linux.eventFd());
                Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            assertThat(Linux.read(counter.number(), value)).isEqualTo(-Errno.EAGAIN);
            Linux.signal(counter.number());
            Linux.signal(counter.number());
            assertThat(Linux.read(counter.number(), value)).isEqualTo(8);
            assertThat(value.get(JAVA_LONG, 0)).isEqualTo(2);
        }
    }

    @Test
    void aDuplicateOutlivesTheFirst() {
        int first = Linux.eventFd();
        try (Fd second = own(Linux.dup(first))) {
            assertThat(second.number()).isNotEqualTo(first);
            assertThat(Linux.close(first)).isZero();
            assertThat(Linux.signal(first)).isEqualTo(-Errno.EBADF);
            assertThat(Linux.signal(second.number())).isEqualTo(8);
        }
        assertThat(Linux.dup(-1)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void mappedMemoryIsTheFiles() throws Exception {
        var file = java.nio.file.Files.writeString(java.nio.file.Files.createTempFile("bcc4j-", ".txt"), "kernel");
        try (Fd fd = own(Linux.openNonBlocking(file.toString()))) {
            long size = Linux.pageSize();
            assertThat(size).isGreaterThanOrEqualTo(4096).matches(s -> Long.bitCount(s) == 1, "a power of two");
            long address = Linux.mmap(fd.number(), 0, size, Linux.PROT_READ);
            assertThat(address).isPositive();
            byte[] head = MemorySegment.ofAddress(address).reinterpret(6).toArray(JAVA_BYTE);
            assertThat(new String(head, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("kernel");
            assertThat(Linux.munmap(address, size)).isZero();
            assertThat(Linux.mmap(fd.number(), 1, size, Linux.PROT_READ)).isEqualTo(-Errno.EINVAL);
        } finally {
            java.nio.file.Files.delete(file);
        }
    }
}

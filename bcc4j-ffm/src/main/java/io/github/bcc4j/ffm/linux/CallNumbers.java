package io.github.bcc4j.ffm.linux;

/** System-call numbers. Source: the kernel's {@code syscall_64.tbl} for x86-64, {@code asm-generic/unistd.h} for aarch64. */
final class CallNumbers {
    private CallNumbers() {}

    static final int BPF = number(321, 280);
    static final int PERF_EVENT_OPEN = number(298, 241);
    static final int IOCTL = number(16, 29);
    static final int MMAP = number(9, 222);
    static final int MUNMAP = number(11, 215);
    static final int CLOSE = number(3, 57);
    static final int READ = number(0, 63);
    static final int WRITE = number(1, 64);
    static final int EPOLL_CREATE1 = number(291, 20);
    static final int EPOLL_CTL = number(233, 21);
    static final int EPOLL_PWAIT = number(281, 22);
    static final int EVENTFD2 = number(290, 19);
    static final int FCNTL = number(72, 25);
    static final int PRLIMIT64 = number(302, 261);
    static final int MPROTECT = number(10, 226);
    static final int OPENAT = number(257, 56);
    static final int KILL = number(62, 129);
    static final int SOCKET = number(41, 198);
    static final int BIND = number(49, 200);
    static final int SENDTO = number(44, 206);
    static final int RECVFROM = number(45, 207);
    static final int SETSOCKOPT = number(54, 208);
    static final int GETSOCKOPT = number(55, 209);
    static final int SETNS = number(308, 268);
    static final int CLOCK_GETTIME = number(228, 113);
    static final int PIDFD_OPEN = number(434, 434);

    private static int number(int x86, int aarch64) {
        return Arch.current() == Arch.X86_64 ? x86 : aarch64;
    }
}

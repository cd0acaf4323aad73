package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The commands of bpf(2) that attach to other places than perf events and tracepoints. Results, memory and threads as with {@link
 * Bpf}.
 *
 * <p>Source: {@code union bpf_attr} in the kernel's {@code include/uapi/linux/bpf.h}.
 */
public final class BpfAttach {
    private BpfAttach() {}

    private static final int PROG_ATTACH = 8;
    private static final int PROG_DETACH = 9;
    private static final int RAW_TRACEPOINT_OPEN = 17;
    private static final int LINK_CREATE = 28;
    private static final int ITER_CREATE = 33;

    private static MemorySegment linkAttr(int programFd, int target, int attachType, int flags) {
        MemorySegment a = Bpf.attr();
        a.set(JAVA_INT, 0, programFd);
        a.set(JAVA_INT, 4, target);
        a.set(JAVA_INT, 8, attachType);
        a.set(JAVA_INT, 12, flags);
        return a;
    }

    /**
     * {@code BPF_LINK_CREATE}, since Linux 5.7. Closing the descriptor detaches.
     *
     * @param programFd the program
     * @param target the descriptor of a cgroup or network namespace, or the index of a network device
     * @param attachType {@code enum bpf_attach_type}
     * @param flags {@code XDP_FLAGS_} for a network device, else 0
     * @return a link descriptor or a negative errno
     */
    public static int link(int programFd, int target, int attachType, int flags) {
        return Bpf.bpf(LINK_CREATE, linkAttr(programFd, target, attachType, flags), 64);
    }

    /**
     * {@code BPF_LINK_CREATE} for many kernel functions, since Linux 5.18. Closing the descriptor detaches all of them.
     *
     * @param programFd a program loaded for {@code BPF_TRACE_KPROBE_MULTI}
     * @param functions their symbols
     * @param returning whether to run when they return instead of when they are entered
     * @return a link descriptor or a negative errno; -ESRCH if a symbol is not there
     */
    public static int linkKprobes(int programFd, List<String> functions, boolean returning) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment symbols = arena.allocate(JAVA_LONG, functions.size());
            for (int i = 0; i < functions.size(); i++) {
                symbols.setAtIndex(
                        JAVA_LONG, i, arena.allocateFrom(functions.get(i)).address());
            }
            MemorySegment a = linkAttr(programFd, 0, 42 /* BPF_TRACE_KPROBE_MULTI */, 0);
            a.set(JAVA_INT, 16, returning ? 1 : 0);
            a.set(JAVA_INT, 20, functions.size());
            a.set(JAVA_LONG, 24, symbols.address());
            return Bpf.bpf(LINK_CREATE, a, 64);
        }
    }

    /**
     * {@code BPF_LINK_CREATE} for an iterator, since Linux 5.8.
     *
     * @param programFd a program loaded for {@code BPF_TRACE_ITER}
     * @param mapFd the map whose elements it goes through, else 0
     * @return a link descriptor or a negative errno
     */
    public static int linkIterator(int programFd, int mapFd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = linkAttr(programFd, 0, 28 /* BPF_TRACE_ITER */, 0);
            if (mapFd != 0) {
                MemorySegment info = arena.allocate(16, 8);
                info.set(JAVA_INT, 0, mapFd);
                a.set(JAVA_LONG, 16, info.address());
                a.set(JAVA_INT, 24, (int) info.byteSize());
            }
            return Bpf.bpf(LINK_CREATE, a, 64);
        }
    }

    /**
     * {@code BPF_ITER_CREATE}, since Linux 5.8.
     *
     * @param linkFd of {@link #linkIterator}
     * @return a descriptor to read the text of one pass from, or a negative errno
     */
    public static int iterator(int linkFd) {
        MemorySegment a = Bpf.attr();
        a.set(JAVA_INT, 0, linkFd);
        return Bpf.bpf(ITER_CREATE, a, 8);
    }

    /**
     * {@code BPF_RAW_TRACEPOINT_OPEN} of a program that was loaded for a function or a hook, since Linux 5.5. Closing the descriptor
     * detaches.
     *
     * @param programFd the program
     * @return a link descriptor or a negative errno
     */
    public static int tracing(int programFd) {
        MemorySegment a = Bpf.attr();
        a.set(JAVA_INT, 8, programFd);
        return Bpf.bpf(RAW_TRACEPOINT_OPEN, a, 16);
    }

    /**
     * {@code BPF_PROG_ATTACH}. The attachment belongs to the target and lives as long as it, or until {@link #detach}.
     *
     * @param programFd the program
     * @param target the descriptor of a cgroup or a socket map
     * @param attachType {@code enum bpf_attach_type}
     * @param flags {@code BPF_F_ALLOW_MULTI} and the like
     * @return 0 or a negative errno
     */
    public static int attach(int programFd, int target, int attachType, int flags) {
        MemorySegment a = Bpf.attr();
        a.set(JAVA_INT, 0, target);
        a.set(JAVA_INT, 4, programFd);
        a.set(JAVA_INT, 8, attachType);
        a.set(JAVA_INT, 12, flags);
        return Bpf.bpf(PROG_ATTACH, a, 20);
    }

    /**
     * {@code BPF_PROG_DETACH}.
     *
     * @param programFd the program
     * @param target what it was attached to
     * @param attachType {@code enum bpf_attach_type}
     * @return 0 or a negative errno
     */
    public static int detach(int programFd, int target, int attachType) {
        MemorySegment a = Bpf.attr();
        a.set(JAVA_INT, 0, target);
        a.set(JAVA_INT, 4, programFd);
        a.set(JAVA_INT, 8, attachType);
        return Bpf.bpf(PROG_DETACH, a, 20);
    }
}

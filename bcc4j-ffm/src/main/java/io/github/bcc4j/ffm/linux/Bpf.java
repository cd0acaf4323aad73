package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The commands of bpf(2), but for those on maps: {@link BpfMaps}.
 *
 * <p>Every method returns the kernel's result: a descriptor, an id or zero, or a negative errno. Memory segments are native and
 * are read or written by the kernel during the call only. Thread-safe: the attribute block belongs to the calling thread.
 *
 * <p>Source: bpf(2) and {@code union bpf_attr} in the kernel's {@code include/uapi/linux/bpf.h}.
 */
public final class Bpf {
    private Bpf() {}

    private static final int PROG_LOAD = 5;
    private static final int OBJ_PIN = 6;
    private static final int OBJ_GET = 7;
    private static final int PROG_TEST_RUN = 10;
    private static final int PROG_GET_NEXT_ID = 11;
    private static final int MAP_GET_NEXT_ID = 12;
    private static final int MAP_GET_FD_BY_ID = 14;
    private static final int OBJ_GET_INFO_BY_FD = 15;
    private static final int RAW_TRACEPOINT_OPEN = 17;
    private static final int BTF_LOAD = 18;
    private static final int BTF_GET_FD_BY_ID = 19;
    private static final int BTF_GET_NEXT_ID = 23;
    private static final int LINK_CREATE = 28;

    private static final int ATTR_SIZE = 144;
    private static final int NAME_LENGTH = 15;

    /** The thread's {@code union bpf_attr}; it keeps the last call's content, which the audit of offsets reads. */
    static final ThreadLocal<MemorySegment> ATTR =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ATTR_SIZE, 8));

    private static final int BPF = CallNumbers.BPF;

    static MemorySegment attr() {
        return ATTR.get().fill((byte) 0);
    }

    static int bpf(int command, MemorySegment attr, int size) {
        return (int) Syscall.call(BPF, command, attr.address(), size);
    }

    static void name(MemorySegment attr, long offset, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, attr, offset, Math.min(bytes.length, NAME_LENGTH));
    }

    /**
     * What a new program is to be.
     *
     * @param name its name; the kernel keeps 15 bytes
     * @param type {@code BPF_PROG_TYPE_}
     * @param expectedAttachType {@code BPF_*} attach type, 0 where it does not matter
     * @param instructions the bytecode, 8 bytes each, map descriptors filled in
     * @param license the licence's name
     * @param kernelVersion {@code KERNEL_VERSION()}, looked at before Linux 5.0 only
     * @param flags {@code BPF_F_}
     * @param btfFd a loaded BTF, else 0
     * @param functionInfoSize bytes of a record
     * @param functionInfo function records, may be empty
     * @param lineInfoSize bytes of a record
     * @param lineInfo line records, may be empty
     */
    public record ProgramAttr(
            String name,
            int type,
            int expectedAttachType,
            byte[] instructions,
            String license,
            int kernelVersion,
            int flags,
            int btfFd,
            int functionInfoSize,
            byte[] functionInfo,
            int lineInfoSize,
            byte[] lineInfo) {}

    /**
     * What a program is bound to when it is loaded.
     *
     * @param typeId a function's id in a kernel's BTF, else 0
     * @param btfFd the BTF of the module the function is in, else 0 for the kernel proper
     * @param interfaceIndex the network device that is to run the program itself, else 0
     */
    public record Target(int typeId, int btfFd, int interfaceIndex) {
        /** Nothing. */
        public static final Target NONE = new Target(0, 0, 0);
    }

    /**
     * {@code BPF_PROG_LOAD} of a program that is bound to nothing.
     *
     * @param program what to load
     * @param logLevel 0 none, 1 the verifier's path, 2 with every state
     * @param log receives the verifier's log, NUL-ended; {@link MemorySegment#NULL} with level 0
     * @return its descriptor, -ENOSPC if the log did not fit, or another negative errno
     */
    public static int programLoad(ProgramAttr program, int logLevel, MemorySegment log) {
        return programLoad(program, Target.NONE, logLevel, log);
    }

    /**
     * {@code BPF_PROG_LOAD}.
     *
     * @param program what to load
     * @param target what it is bound to
     * @param logLevel 0 none, 1 the verifier's path, 2 with every state
     * @param log receives the verifier's log, NUL-ended; {@link MemorySegment#NULL} with level 0
     * @return its descriptor, -ENOSPC if the log did not fit, or another negative errno
     */
    public static int programLoad(ProgramAttr program, Target target, int logLevel, MemorySegment log) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = attr();
            a.set(JAVA_INT, 0, program.type);
            a.set(JAVA_INT, 4, program.instructions.length / 8);
            a.set(JAVA_LONG, 8, copy(arena, program.instructions).address());
            a.set(JAVA_LONG, 16, arena.allocateFrom(program.license).address());
            a.set(JAVA_INT, 24, logLevel);
            if (logLevel != 0) {
                a.set(JAVA_INT, 28, (int) log.byteSize());
                a.set(JAVA_LONG, 32, log.address());
            }
            a.set(JAVA_INT, 40, program.kernelVersion);
            a.set(JAVA_INT, 44, program.flags);
            name(a, 48, program.name);
            a.set(JAVA_INT, 64, target.interfaceIndex);
            a.set(JAVA_INT, 68, program.expectedAttachType);
            if (program.btfFd != 0) {
                a.set(JAVA_INT, 72, program.btfFd);
                if (program.functionInfo.length > 0) {
                    a.set(JAVA_INT, 76, program.functionInfoSize);
                    a.set(JAVA_LONG, 80, copy(arena, program.functionInfo).address());
                    a.set(JAVA_INT, 88, program.functionInfo.length / program.functionInfoSize);
                }
                if (program.lineInfo.length > 0) {
                    a.set(JAVA_INT, 92, program.lineInfoSize);
                    a.set(JAVA_LONG, 96, copy(arena, program.lineInfo).address());
                    a.set(JAVA_INT, 104, program.lineInfo.length / program.lineInfoSize);
                }
            }
            a.set(JAVA_INT, 108, target.typeId);
            a.set(JAVA_INT, 112, target.btfFd);
            return bpf(PROG_LOAD, a, 116);
        }
    }

    private static MemorySegment copy(Arena arena, byte[] bytes) {
        return arena.allocate(Math.max(bytes.length, 1), 8).copyFrom(MemorySegment.ofArray(bytes));
    }

    /**
     * {@code BPF_BTF_LOAD}, since Linux 4.18.
     *
     * @param btf raw BTF
     * @param log receives the checker's log; {@link MemorySegment#NULL} for none
     * @return its descriptor or a negative errno
     */
    public static int btfLoad(byte[] btf, MemorySegment log) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = attr();
            a.set(JAVA_LONG, 0, copy(arena, btf).address());
            a.set(JAVA_INT, 16, btf.length);
            if (log.byteSize() > 0) {
                a.set(JAVA_LONG, 8, log.address());
                a.set(JAVA_INT, 20, (int) log.byteSize());
                a.set(JAVA_INT, 24, 1);
            }
            return bpf(BTF_LOAD, a, 28);
        }
    }

    /**
     * {@code BPF_OBJ_PIN}.
     *
     * @param fd a map, program or link
     * @param path a new file in a bpf file system
     * @return 0 or a negative errno
     */
    public static int pin(int fd, String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = attr();
            a.set(JAVA_LONG, 0, arena.allocateFrom(path).address());
            a.set(JAVA_INT, 8, fd);
            return bpf(OBJ_PIN, a, 16);
        }
    }

    /**
     * {@code BPF_OBJ_GET}.
     *
     * @param path a pinned map, program or link
     * @return its descriptor or a negative errno
     */
    public static int openPinned(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = attr();
            a.set(JAVA_LONG, 0, arena.allocateFrom(path).address());
            return bpf(OBJ_GET, a, 16);
        }
    }

    /**
     * {@code BPF_OBJ_GET_INFO_BY_FD}.
     *
     * @param fd a map, program, BTF or link
     * @param info zeroed; receives the {@code bpf_*_info}, cut to its size
     * @return the length the kernel wrote or a negative errno
     */
    public static int info(int fd, MemorySegment info) {
        MemorySegment a = attr();
        a.set(JAVA_INT, 0, fd);
        a.set(JAVA_INT, 4, (int) info.byteSize());
        a.set(JAVA_LONG, 8, info.address());
        int result = bpf(OBJ_GET_INFO_BY_FD, a, 16);
        return result < 0 ? result : a.get(JAVA_INT, 4);
    }

    /**
     * Which part of the kernel a BTF describes, since Linux 5.11.
     *
     * @param fd a BTF
     * @return {@code vmlinux} or a module's name; empty if it describes something else
     */
    public static String kernelBtfName(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(64);
            MemorySegment info = arena.allocate(40, 8); // struct bpf_btf_info
            info.set(JAVA_LONG, 16, name.address());
            info.set(JAVA_INT, 24, (int) name.byteSize());
            boolean ofKernel = info(fd, info) >= 32 && info.get(JAVA_INT, 28) == 1;
            return ofKernel ? name.getString(0) : "";
        }
    }

    private static int byId(int command, int id) {
        MemorySegment a = attr();
        a.set(JAVA_INT, 0, id);
        return bpf(command, a, 12);
    }

    /**
     * {@code BPF_BTF_GET_FD_BY_ID}; needs CAP_SYS_ADMIN.
     *
     * @param id a BTF id
     * @return a descriptor or a negative errno
     */
    public static int btfById(int id) {
        return byId(BTF_GET_FD_BY_ID, id);
    }

    /**
     * {@code BPF_MAP_GET_FD_BY_ID}; needs CAP_SYS_ADMIN.
     *
     * @param id a map id
     * @return a descriptor or a negative errno
     */
    public static int mapById(int id) {
        return byId(MAP_GET_FD_BY_ID, id);
    }

    private static int nextId(int command, int id) {
        MemorySegment a = attr();
        a.set(JAVA_INT, 0, id);
        int result = bpf(command, a, 12);
        return result < 0 ? result : a.get(JAVA_INT, 4);
    }

    /**
     * {@code BPF_PROG_GET_NEXT_ID}; needs CAP_SYS_ADMIN.
     *
     * @param id where to go on; 0 to begin
     * @return the next program's id or a negative errno
     */
    public static int nextProgramId(int id) {
        return nextId(PROG_GET_NEXT_ID, id);
    }

    /**
     * {@code BPF_MAP_GET_NEXT_ID}; needs CAP_SYS_ADMIN.
     *
     * @param id where to go on; 0 to begin
     * @return the next map's id or a negative errno
     */
    public static int nextMapId(int id) {
        return nextId(MAP_GET_NEXT_ID, id);
    }

    /**
     * {@code BPF_BTF_GET_NEXT_ID}; needs CAP_SYS_ADMIN.
     *
     * @param id where to go on; 0 to begin
     * @return the next BTF's id or a negative errno
     */
    public static int nextBtfId(int id) {
        return nextId(BTF_GET_NEXT_ID, id);
    }

    /**
     * {@code BPF_RAW_TRACEPOINT_OPEN}, since Linux 4.17. Closing the descriptor detaches.
     *
     * @param name the tracepoint's name without its category
     * @param programFd the program
     * @return a descriptor or a negative errno
     */
    public static int rawTracepointOpen(String name, int programFd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = attr();
            a.set(JAVA_LONG, 0, arena.allocateFrom(name).address());
            a.set(JAVA_INT, 8, programFd);
            return bpf(RAW_TRACEPOINT_OPEN, a, 16);
        }
    }

    /**
     * {@code BPF_LINK_CREATE} for a perf event, since Linux 5.15. Closing the descriptor detaches.
     *
     * @param programFd the program
     * @param perfEventFd the perf event
     * @param cookie what {@code bpf_get_attach_cookie} returns in it
     * @return a link descriptor or a negative errno
     */
    public static int linkPerfEvent(int programFd, int perfEventFd, long cookie) {
        MemorySegment a = attr();
        a.set(JAVA_INT, 0, programFd);
        a.set(JAVA_INT, 4, perfEventFd);
        a.set(JAVA_INT, 8, 41 /* BPF_PERF_EVENT */);
        a.set(JAVA_LONG, 16, cookie);
        return bpf(LINK_CREATE, a, 24);
    }

    /**
     * {@code BPF_LINK_CREATE} for many places of one file, since Linux 6.6. Closing the descriptor detaches all of them.
     *
     * @param programFd a program loaded for {@code BPF_TRACE_UPROBE_MULTI}
     * @param path the file
     * @param offsets of the places in the file
     * @param counters of their reference counters in the file, 0 for none
     * @param cookies what {@code bpf_get_attach_cookie} returns at each
     * @param returning whether they are the entries of functions whose returns are meant
     * @param pid a process; 0 for all
     * @return a link descriptor or a negative errno
     */
    public static int linkUprobes(
            int programFd, String path, long[] offsets, long[] counters, long[] cookies, boolean returning, int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = attr();
            a.set(JAVA_INT, 0, programFd);
            a.set(JAVA_INT, 8, 48 /* BPF_TRACE_UPROBE_MULTI */);
            a.set(JAVA_LONG, 16, arena.allocateFrom(path).address());
            a.set(JAVA_LONG, 24, arena.allocateFrom(JAVA_LONG, offsets).address());
            a.set(JAVA_LONG, 32, arena.allocateFrom(JAVA_LONG, counters).address());
            a.set(JAVA_LONG, 40, arena.allocateFrom(JAVA_LONG, cookies).address());
            a.set(JAVA_INT, 48, offsets.length);
            a.set(JAVA_INT, 52, returning ? 1 : 0);
            a.set(JAVA_INT, 56, pid);
            return bpf(LINK_CREATE, a, 64);
        }
    }

    /**
     * How a test run ended.
     *
     * @param result what the program returned (unsigned 32 bits), or a negative errno
     * @param outputSize bytes of the packet afterwards
     * @param nanos the average duration of a run
     */
    public record Tested(long result, int outputSize, int nanos) {}

    /**
     * {@code BPF_PROG_TEST_RUN}.
     *
     * @param programFd the program
     * @param input the packet given to it; may be empty
     * @param output receives the packet as it is afterwards; may be empty
     * @param context its context given to it; may be empty
     * @param repeat how many times
     * @return how it ended
     */
    public static Tested testRun(
            int programFd, MemorySegment input, MemorySegment output, MemorySegment context, int repeat) {
        MemorySegment a = attr();
        a.set(JAVA_INT, 0, programFd);
        a.set(JAVA_INT, 8, (int) input.byteSize());
        a.set(JAVA_INT, 12, (int) output.byteSize());
        a.set(JAVA_LONG, 16, input.address());
        a.set(JAVA_LONG, 24, output.address());
        a.set(JAVA_INT, 32, repeat);
        a.set(JAVA_INT, 40, (int) context.byteSize());
        a.set(JAVA_LONG, 48, context.address());
        int result = bpf(PROG_TEST_RUN, a, 80);
        return new Tested(
                result < 0 ? result : Integer.toUnsignedLong(a.get(JAVA_INT, 4)),
                a.get(JAVA_INT, 12),
                a.get(JAVA_INT, 36));
    }
}

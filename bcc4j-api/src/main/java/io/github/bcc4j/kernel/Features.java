package io.github.bcc4j.kernel;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.BpfAttach;
import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Linux;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the running kernel can do, found out by looking and by trying. Nothing is changed, nothing is kept. */
public final class Features {
    private Features() {}

    /** The three answers. */
    public enum State {
        /** It is there. */
        SUPPORTED,
        /** It is not there. */
        UNSUPPORTED,
        /** This process can't find out. */
        UNKNOWN
    }

    /**
     * An answer, and how it is known.
     *
     * @param state the answer
     * @param reason how it is known, in words
     */
    public record Result(State state, String reason) {
        /**
         * Whether it is there for certain.
         *
         * @return true if so
         */
        public boolean isSupported() {
            return state == State.SUPPORTED;
        }
    }

    private static Result fromFile(Path path, String yes, String no) {
        return Files.exists(path) ? new Result(State.SUPPORTED, yes) : new Result(State.UNSUPPORTED, no);
    }

    /**
     * kprobes through perf_event_open(2), since Linux 4.17.
     *
     * @return the answer
     */
    public static Result kprobe() {
        return fromFile(
                Path.of("/sys/bus/event_source/devices/kprobe/type"),
                "it has kprobes",
                "it has no kprobes (no /sys/bus/event_source/devices/kprobe)");
    }

    /**
     * uprobes through perf_event_open(2), since Linux 4.17.
     *
     * @return the answer
     */
    public static Result uprobe() {
        return fromFile(
                Path.of("/sys/bus/event_source/devices/uprobe/type"),
                "it has uprobes",
                "it has no uprobes (no /sys/bus/event_source/devices/uprobe)");
    }

    /** The running kernel's, which can't change. */
    private static final class UprobeMulti {
        private static final Result CURRENT = tryUprobeMulti();
    }

    /**
     * Links to many uprobes at once, since Linux 6.6.
     *
     * @return the answer
     */
    public static Result uprobeMulti() {
        return UprobeMulti.CURRENT;
    }

    private static Result tryUprobeMulti() {
        int program = programLoad(2, 48);
        if (program < 0) {
            return tried(program, "loading a program for it");
        }
        // A folder is no file to be probed, which kernels that know these links say so.
        long[] one = {1};
        int refused = Bpf.linkUprobes(program, "/", one, new long[1], new long[1], false, 0);
        Linux.close(program);
        return refused == -Errno.EBADF
                ? new Result(State.SUPPORTED, "it has uprobe.multi links")
                : tried(refused, "making a uprobe.multi link");
    }

    /** The running kernel's, which can't change. */
    private static final class Tcx {
        private static final Result CURRENT = tryTcx();
    }

    /**
     * Links to the packets of network devices with their socket buffers (TCX), since Linux 6.6.
     *
     * @return the answer
     */
    public static Result tcx() {
        return Tcx.CURRENT;
    }

    private static Result tryTcx() {
        int program = programLoad(3, 0);
        if (program < 0) {
            return tried(program, "loading a program for it");
        }
        int refused = BpfAttach.link(program, Integer.MAX_VALUE, 46 /* BPF_TCX_INGRESS */, 0);
        Linux.close(program);
        return refused == -Errno.ENODEV
                ? new Result(State.SUPPORTED, "it has TCX links")
                : tried(refused, "making a TCX link");
    }

    private static int programLoad(int type, int attachType) {
        byte[] code = {(byte) 0xb7, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0}; // r0 = 0; exit
        byte[] none = {};
        Bpf.ProgramAttr attr = new Bpf.ProgramAttr("probe", type, attachType, code, "GPL", 0, 0, 0, 0, none, 0, none);
        return Bpf.programLoad(attr, 0, MemorySegment.NULL);
    }

    /**
     * Type information of the kernel itself, since Linux 4.18 if built so.
     *
     * @return the answer
     */
    public static Result btf() {
        return fromFile(
                Path.of("/sys/kernel/btf/vmlinux"),
                "it has BTF",
                "it has no BTF (no /sys/kernel/btf/vmlinux: CONFIG_DEBUG_INFO_BTF)");
    }

    /**
     * Tracepoints, seen through the tracing file system.
     *
     * @return the answer
     */
    public static Result tracepoint() {
        try {
            return fromFile(
                    Probes.tracefs().resolve("events/sched/sched_switch"),
                    "it has tracepoints",
                    "it has no tracepoints");
        } catch (BpfException e) {
            return new Result(State.UNKNOWN, e.getMessage());
        }
    }

    /**
     * A program of a type, by loading the smallest there is.
     *
     * @param type {@code BPF_PROG_TYPE_}; those that need a target in the kernel are not found out so
     * @param name what to call them in the reason
     * @return the answer
     */
    public static Result programType(int type, String name) {
        return tried(programLoad(type, 0), "loading " + name);
    }

    /**
     * A map of a type, by making a small one.
     *
     * @param type {@code BPF_MAP_TYPE_}
     * @param keySize bytes of its key
     * @param valueSize bytes of its value
     * @param entries how many entries
     * @param name what to call it in the reason
     * @return the answer
     */
    public static Result mapType(int type, int keySize, int valueSize, int entries, String name) {
        return tried(
                BpfMaps.create(new BpfMaps.Attr("probe", type, keySize, valueSize, entries, 0, 0, 0, 0, 0)),
                "making a " + name);
    }

    private static Result tried(int fd, String what) {
        if (fd >= 0) {
            Linux.close(fd);
            return new Result(State.SUPPORTED, what + " works");
        }
        return switch (-fd) {
            case Errno.EPERM, Errno.EACCES ->
                new Result(State.UNKNOWN, what + " is forbidden: " + Privileges.explainEperm(what, -fd));
            case Errno.ENOSYS -> new Result(State.UNSUPPORTED, "it has no bpf(2)");
            case Errno.EINVAL -> new Result(State.UNSUPPORTED, what + " says EINVAL");
            default -> new Result(State.UNKNOWN, what + " says " + Errno.describe(-fd));
        };
    }

    /**
     * The ring buffer map, since Linux 5.8.
     *
     * @return the answer
     */
    public static Result ringBuffer() {
        return mapType(27, 0, 0, (int) Linux.pageSize(), "ring buffer");
    }
}

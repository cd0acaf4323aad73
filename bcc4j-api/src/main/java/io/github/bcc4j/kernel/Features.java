package io.github.bcc4j.kernel;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.BpfAttach;
import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.ffm.linux.PerfEvent;
import io.github.bcc4j.headers.KernelTypes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** What the running kernel can do, found out by looking and by trying. Nothing is changed; answers that are certain are kept. */
public final class Features {
    private static final Path KPROBE_TYPE = Path.of("/sys/bus/event_source/devices/kprobe/type");

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
        return fromFile(KPROBE_TYPE, "it has kprobes", "it has no kprobes (no /sys/bus/event_source/devices/kprobe)");
    }

    /**
     * A kprobe at the entry of a function, by placing one for a moment: the kernel's own word, which takes it a millisecond, where reading its
     * lists takes a hundred. {@link Probes#explain} tells why not.
     *
     * @param function the kernel function
     * @return the answer; without the rights to probe it is not known
     */
    public static Result kprobe(String function) {
        Result any = kprobe();
        if (!any.isSupported()) {
            return any;
        }
        int fd;
        try {
            int unit = Integer.parseInt(Files.readString(KPROBE_TYPE).strip());
            fd = PerfEvent.openProbe(unit, 0, function, 0, -1, Cpus.firstOnline());
        } catch (IOException e) {
            return new Result(State.UNKNOWN, KPROBE_TYPE + " can't be read");
        }
        Result result = tried(fd, "a kprobe on " + function);
        return -fd == Errno.ENOENT ? new Result(State.UNSUPPORTED, result.reason()) : result;
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

    /**
     * Links to the packets of network devices with their socket buffers (TCX), since Linux 6.6.
     *
     * @return the answer
     */
    public static Result tcx() {
        // No device has this index, which kernels that know these links say so.
        return kept(
                "TCX links",
                () -> byLink(3, 0, p -> BpfAttach.link(p, Integer.MAX_VALUE, 46, 0), -Errno.ENODEV, "a TCX link"));
    }

    /**
     * Links to many kprobes at once, since Linux 5.18 if built so.
     *
     * @return the answer
     */
    public static Result kprobeMulti() {
        return kept("kprobe.multi links", () -> {
            List<String> nothing = List.of("bcc4j no such function");
            return byLink(2, 42, p -> BpfAttach.linkKprobes(p, nothing, false), -Errno.ESRCH, "a kprobe.multi link");
        });
    }

    /**
     * Links to network devices for XDP, since Linux 5.9.
     *
     * @return the answer
     */
    public static Result xdp() {
        // A kernel that knows these links refuses one to no device in the same words as one that does not.
        return kept(
                "XDP links",
                () -> KernelVersion.current().isAtLeast(5, 9)
                        ? programType(6, "an XDP program")
                        : new Result(State.UNSUPPORTED, "it is Linux " + KernelVersion.current()));
    }

    /**
     * Links to cgroups, since Linux 5.7.
     *
     * @return the answer
     */
    public static Result cgroup() {
        return kept("cgroup links", () -> byLink(8, 0, p -> BpfAttach.link(p, p, 0, 0), -Errno.EBADF, "a cgroup link"));
    }

    /**
     * Programs at functions of the kernel by their type, since Linux 5.5 with BTF.
     *
     * @return the answer
     */
    public static Result fentry() {
        return kept("fentry programs", () -> bound(26, 24, "bpf_prog_test_run_tracing", "an fentry program"));
    }

    /**
     * Programs that go through things of the kernel, since Linux 5.8 with BTF.
     *
     * @return the answer
     */
    public static Result iterator() {
        return kept("iterators", () -> bound(26, 28, "bpf_iter_task", "an iterator"));
    }

    private static final Path SECURITY_MODULES = Path.of("/sys/kernel/security/lsm");

    /**
     * Programs in the hooks of security modules, since Linux 5.7 if built and booted so.
     *
     * @return the answer
     */
    public static Result lsm() {
        return kept("LSM programs", () -> {
            try {
                String active = Files.readString(SECURITY_MODULES).strip();
                if (!List.of(active.split(",")).contains("bpf")) {
                    String why = "bpf is not among its active security modules (" + active + "): boot it with lsm="
                            + active + ",bpf";
                    return new Result(State.UNSUPPORTED, why);
                }
            } catch (IOException e) {
                return new Result(State.UNKNOWN, "can't read " + SECURITY_MODULES + ": " + e.getMessage());
            }
            return bound(29, 27, "bpf_lsm_file_open", "an LSM program");
        });
    }

    /**
     * A helper function that programs call.
     *
     * @param programType {@code BPF_PROG_TYPE_} of the caller
     * @param helper its number in {@code enum bpf_func_id}
     * @return the answer
     */
    public static Result helper(int programType, int helper) {
        String what = "helper " + helper + " in programs of type " + programType;
        return kept(what, () -> {
            byte[] code = {(byte) 0x85, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0}; // call helper; exit
            ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).putInt(4, helper);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment log = arena.allocate(4096);
                int fd = Bpf.programLoad(program(programType, 0, code), 1, log);
                String said = log.getString(0);
                if (said.contains("invalid func ")
                        || said.contains("unknown func ")
                        || said.contains("cannot use helper")) {
                    return new Result(State.UNSUPPORTED, "the verifier does not know " + what);
                }
                // Another complaint is about the call, so the helper is there.
                return said.contains("call ") && fd != -Errno.EPERM
                        ? new Result(State.SUPPORTED, "the verifier knows " + what)
                        : tried(fd, "calling " + what);
            }
        });
    }

    private static final Map<String, Result> KNOWN = new ConcurrentHashMap<>();

    /** What is certain stays so as long as the kernel runs; what this process can't find out it may find out later. */
    private static Result kept(String what, Supplier<Result> find) {
        Result known = KNOWN.get(what);
        if (known == null) {
            known = find.get();
            if (known.state() != State.UNKNOWN) {
                KNOWN.put(what, known);
            }
        }
        return known;
    }

    /** Tries to make a link to something that is not there: what a kernel says that looks for it, others don't. */
    private static Result byLink(int type, int attachType, IntUnaryOperator link, int expected, String what) {
        int program = programLoad(type, attachType);
        if (program < 0) {
            return tried(program, "loading a program for " + what);
        }
        int refused = link.applyAsInt(program);
        Linux.close(program);
        return refused == expected ? new Result(State.SUPPORTED, "it makes " + what) : tried(refused, "making " + what);
    }

    private static Result bound(int type, int attachType, String function, String what) {
        int id = KernelTypes.of(KernelTarget.running())
                .map(t -> t.kernel().function(function))
                .orElse(0);
        if (id == 0) {
            return new Result(State.UNSUPPORTED, "its type information has no " + function);
        }
        return tried(
                Bpf.programLoad(program(type, attachType, NOTHING), new Bpf.Target(id, 0, 0), 0, MemorySegment.NULL),
                "loading " + what);
    }

    private static final byte[] NOTHING = {(byte) 0xb7, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0
    }; // r0 = 0; exit

    private static Bpf.ProgramAttr program(int type, int attachType, byte[] code) {
        byte[] none = {};
        return new Bpf.ProgramAttr("probe", type, attachType, code, "GPL", 0, 0, 0, 0, none, 0, none);
    }

    private static int programLoad(int type, int attachType) {
        return Bpf.programLoad(program(type, attachType, NOTHING), 0, MemorySegment.NULL);
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
     * A member of a struct or union of the kernel: for those that came, went or were renamed between versions.
     *
     * @param type the struct's or union's name, without that word
     * @param member the member's name, its own or one of an unnamed struct or union in it
     * @return the answer; that of a kernel without BTF is not known
     */
    public static Result member(String type, String member) {
        Optional<KernelTypes> types = KernelTypes.of(KernelTarget.running());
        if (types.isEmpty()) {
            return new Result(State.UNKNOWN, btf().reason());
        }
        int id = types.get().kernel().record(type);
        if (id == 0) {
            return new Result(State.UNSUPPORTED, "it has no struct " + type);
        }
        return types.get().kernel().hasMember(id, member)
                ? new Result(State.SUPPORTED, type + " has " + member)
                : new Result(State.UNSUPPORTED, type + " has no " + member);
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
            case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOTSUPP ->
                new Result(State.UNSUPPORTED, what + " says " + Errno.name(-fd));
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

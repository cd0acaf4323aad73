package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.LsmSpec;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Sockets;
import io.github.bcc4j.headers.KernelTypes;
import io.github.bcc4j.kernel.KernelTarget;
import io.github.bcc4j.text.SimilarNames;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a program is bound to when it is loaded: a function of the kernel by its type id, or a network device.
 *
 * @param typeId the function's id in the BTF of the kernel, 0 for none
 * @param module the module whose BTF it is, empty for the kernel proper
 * @param interfaceIndex the device, 0 for none
 */
record Target(int typeId, String module, int interfaceIndex) {
    static final Target NONE = new Target(0, "", 0);

    private static final int SUGGESTIONS = 5;

    static Target of(AttachSpec spec, String program) {
        return switch (spec) {
            case FentrySpec f -> function(f, program);
            case LsmSpec l -> named(l, program, "bpf_lsm_", l.hook(), "hook");
            case IteratorSpec i -> named(i, program, "bpf_iter_", i.target(), "iterator");
            case XdpSpec x
            when x.mode() == XdpSpec.Mode.OFFLOAD ->
                new Target(0, "", Math.max(0, Sockets.interfaceIndex(x.device().name())));
            default -> NONE;
        };
    }

    private static KernelTypes types() {
        return KernelTypes.of(KernelTarget.running())
                .orElseThrow(() -> new UnsupportedByKernelException(
                        "type information (BTF)",
                        "5.2",
                        "there is no /sys/kernel/btf/vmlinux, so it was built without CONFIG_DEBUG_INFO_BTF or /sys is"
                                + " not mounted",
                        "kprobes, tracepoints and raw tracepoints do without"));
    }

    private static Target function(FentrySpec spec, String program) {
        RawBtf types = spec.module().isEmpty()
                ? types().kernel()
                : types().module(spec.module())
                        .orElseThrow(() -> new AttachException(
                                program,
                                spec,
                                Errno.ENOENT,
                                "there is no module " + spec.module() + " with type information; there is "
                                        + BpfTables.names(KernelTarget.running().modules())));
        int id = types.function(spec.function());
        String syscall = Probes.syscallName("");
        if (id == 0 && spec.function().startsWith(syscall)) {
            // The compiler describes a system call without arguments by its other name.
            id = types.function("__do_sys_" + spec.function().substring(syscall.length()));
        }
        if (id == 0) {
            throw new AttachException(program, spec, Errno.ENOENT, absent(spec.function()));
        }
        return new Target(id, spec.module(), 0);
    }

    private static String absent(String function) {
        return Probes.exists(function)
                ? function
                        + " exists, but the kernel's type information does not describe it (its declaration was changed"
                        + " by the compiler, or it is written in assembly): a kprobe may do"
                : Probes.explain(function);
    }

    private static Target named(AttachSpec spec, String program, String prefix, String name, String what) {
        RawBtf types = types().kernel();
        int id = types.function(prefix + name);
        if (id != 0) {
            return new Target(id, "", 0);
        }
        List<String> all = IntStream.range(1, types.end())
                .filter(i -> types.kind(i) == Kind.FUNC)
                .mapToObj(types::name)
                .filter(n -> n.startsWith(prefix))
                .map(n -> n.substring(prefix.length()))
                .toList();
        List<String> similar = SimilarNames.of(all, name, SUGGESTIONS);
        String hint = all.isEmpty()
                ? "this kernel has none at all"
                : "this kernel has no " + what + " " + name
                        + (similar.isEmpty() ? "" : "; there is " + String.join(", ", similar));
        throw new AttachException(program, spec, Errno.ENOENT, hint);
    }

    /** The module's types as the kernel wants them: by descriptor. Null for the kernel proper. */
    Fd openModule() {
        if (module.isEmpty()) {
            return null;
        }
        int id = Bpf.nextBtfId(0);
        for (; id > 0; id = Bpf.nextBtfId(id)) {
            int fd = Bpf.btfById(id);
            if (fd >= 0) {
                Fd btf = Fd.own(fd, "types of module " + module);
                if (Bpf.kernelBtfName(fd).equals(module)) {
                    return btf;
                }
                btf.close();
            }
        }
        throw new BpfSyscallException(
                "find the types of module " + module, -id, "for functions of modules it takes CAP_SYS_ADMIN");
    }
}

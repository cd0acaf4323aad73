package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.KprobesSpec;
import io.github.bcc4j.attach.LsmSpec;
import io.github.bcc4j.ffm.linux.BpfAttach;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.kernel.Features;
import java.util.List;
import java.util.function.Consumer;

/** Attaches programs to functions and hooks of the kernel that they were loaded for, and to many functions at once. */
final class TracingAttacher {
    private TracingAttacher() {}

    static BpfLink loadedFor(BpfProgram program, AttachSpec spec, Consumer<BpfLink> onClose) {
        return link(program, spec, program.fd().call(BpfAttach::tracing), onClose);
    }

    /** Where the kernel would never ask the program, it would attach it all the same. */
    static BpfLink lsm(BpfProgram program, LsmSpec spec, Consumer<BpfLink> onClose) {
        Features.Result lsm = Features.lsm();
        if (lsm.state() == Features.State.UNSUPPORTED) {
            throw new UnsupportedByKernelException("a BPF security module", "5.7", lsm.reason());
        }
        return loadedFor(program, spec, onClose);
    }

    static BpfLink iterator(BpfProgram program, IteratorSpec spec, Loader loader, Consumer<BpfLink> onClose) {
        int map = spec.map().map(m -> loader.map(m).fd()).orElse(0);
        return link(program, spec, program.fd().call(p -> BpfAttach.linkIterator(p, map)), onClose);
    }

    static BpfLink kprobes(BpfProgram program, KprobesSpec spec, Consumer<BpfLink> onClose) {
        Features.Result multi = Features.kprobeMulti();
        if (multi.state() == Features.State.UNSUPPORTED) {
            throw new UnsupportedByKernelException(
                    "a link to many kprobes",
                    "5.18",
                    multi.reason(),
                    "it takes CONFIG_FPROBE; BPF.attachKprobes attaches one by one where kprobes are all there is");
        }
        return link(
                program,
                spec,
                program.fd().call(p -> BpfAttach.linkKprobes(p, spec.functions(), spec.returning())),
                onClose);
    }

    private static BpfLink link(BpfProgram program, AttachSpec spec, long fd, Consumer<BpfLink> onClose) {
        return Attacher.link(program, spec, Attacher.check(fd, program, spec), () -> {}, onClose);
    }

    static String why(AttachSpec spec, int errno) {
        return switch (spec) {
            case KprobesSpec k
            when errno == Errno.ESRCH || errno == Errno.EINVAL || errno == Errno.ENOENT ->
                "one of the functions is not there, or the function tracer can't hook it: BPF.attachKprobes names it";
            case FentrySpec f when errno == Errno.E2BIG -> "the function has as many programs as it can (38)";
            case FentrySpec f
            when errno == Errno.EBUSY -> "something else has patched the function, such as a live patch";
            case FentrySpec f
            when errno == Errno.ENOTSUPP || errno == Errno.EOPNOTSUPP ->
                "this kernel can't do it on this architecture: 64-bit Arm has it since Linux 6.0";
            case IteratorSpec i
            when errno == Errno.EINVAL || errno == Errno.EBADF ->
                "bpf_map_elem wants the name of a hash or array map, other iterators want none";
            default -> null;
        };
    }

    /** Many at once where the kernel can; one by one where it can't, or where one of them stops the others. */
    static List<BpfLink> all(List<String> functions, boolean returning, BpfAttachments bpf, String program) {
        if (Features.kprobeMulti().isSupported()) {
            try {
                return List.of(bpf.attach(new KprobesSpec(functions, returning), program));
            } catch (AttachException e) {
                if (e.errno() != Errno.ESRCH && e.errno() != Errno.EINVAL && e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
        }
        return bpf.oneByOne(functions, returning, program);
    }
}

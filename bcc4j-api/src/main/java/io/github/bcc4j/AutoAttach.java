package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.LsmSpec;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.RawTracepointSpec;
import io.github.bcc4j.attach.TracepointSpec;
import io.github.bcc4j.kernel.KernelTarget;
import java.util.Optional;

/** bcc's convention that a function's name says where it goes: {@code kprobe__vfs_read} and the like. */
final class AutoAttach {
    private AutoAttach() {}

    static Optional<AttachSpec> place(String function) {
        return after("kprobe__", function)
                .<AttachSpec>map(f -> new KprobeSpec(Probes.fixSyscallName(f), 0, false, 0))
                .or(() -> after("kretprobe__", function).map(f -> KprobeSpec.returnOf(Probes.fixSyscallName(f))))
                .or(() -> after("tracepoint__", function).map(AutoAttach::tracepoint))
                .or(() -> after("raw_tracepoint__", function).map(RawTracepointSpec::new))
                .or(() -> after("kfunc__", function).map(f -> typed(f, ProgramType.FENTRY)))
                .or(() -> after("kretfunc__", function).map(f -> typed(f, ProgramType.FEXIT)))
                .or(() -> after("kmod_ret__", function).map(f -> typed(f, ProgramType.FMOD_RET)))
                .or(() -> after("lsm__", function).map(LsmSpec::new))
                .or(() -> after("bpf_iter__", function)
                        .filter(target -> !target.equals("bpf_map_elem")) // which the name can't tell the map of
                        .map(IteratorSpec::of));
    }

    private static Optional<String> after(String prefix, String function) {
        return function.startsWith(prefix) ? Optional.of(function.substring(prefix.length())) : Optional.empty();
    }

    /** {@code function} or {@code module__function}, where both may hold double underscores: a module must be there. */
    private static FentrySpec typed(String rest, ProgramType type) {
        for (int at = rest.indexOf("__"); at > 0; at = rest.indexOf("__", at + 1)) {
            String module = rest.substring(0, at);
            if (module.equals("vmlinux")) { // as libbcc's macros write it since 0.28
                return new FentrySpec("", Probes.fixSyscallName(rest.substring(at + 2)), type);
            }
            if (KernelTarget.running().modules().contains(module)) {
                return new FentrySpec(module, rest.substring(at + 2), type);
            }
        }
        return new FentrySpec("", Probes.fixSyscallName(rest), type);
    }

    /** {@code category__name}, where both may hold double underscores: the kernel's list decides, else the first one. */
    private static TracepointSpec tracepoint(String rest) {
        int first = rest.indexOf("__");
        if (first <= 0) {
            throw new IllegalArgumentException(
                    "tracepoint__" + rest + " is not of the form tracepoint__category__name");
        }
        for (int at = first; at >= 0; at = rest.indexOf("__", at + 1)) {
            if (Probes.tracepointExists(rest.substring(0, at), rest.substring(at + 2))) {
                return new TracepointSpec(rest.substring(0, at), rest.substring(at + 2));
            }
        }
        return new TracepointSpec(rest.substring(0, first), rest.substring(first + 2));
    }
}

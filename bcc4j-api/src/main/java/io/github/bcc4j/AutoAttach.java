package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.RawTracepointSpec;
import io.github.bcc4j.attach.TracepointSpec;
import java.util.List;
import java.util.Optional;

/** bcc's convention that a function's name says where it goes: {@code kprobe__vfs_read} and the like. */
final class AutoAttach {
    private AutoAttach() {}

    /** Prefixes of the convention that belong to program types this version does not attach. */
    private static final List<String> NOT_YET = List.of("kfunc__", "kretfunc__", "kmod_ret__", "lsm__", "bpf_iter__");

    static Optional<AttachSpec> place(String function) {
        for (String prefix : NOT_YET) {
            if (function.startsWith(prefix)) {
                throw new BpfException("function " + function + " asks by its prefix " + prefix
                        + " for an attachment that this version of bcc4j does not make");
            }
        }
        return after("kprobe__", function)
                .<AttachSpec>map(f -> new KprobeSpec(Probes.fixSyscallName(f), 0, false, 0))
                .or(() -> after("kretprobe__", function).map(f -> KprobeSpec.returnOf(Probes.fixSyscallName(f))))
                .or(() -> after("tracepoint__", function).map(AutoAttach::tracepoint))
                .or(() -> after("raw_tracepoint__", function).map(RawTracepointSpec::new));
    }

    private static Optional<String> after(String prefix, String function) {
        return function.startsWith(prefix) ? Optional.of(function.substring(prefix.length())) : Optional.empty();
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

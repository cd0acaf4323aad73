package io.github.bcc4j.tools.cli;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.kernel.Features;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One way of seeing something that happens in the kernel.
 *
 * @param kind by what
 * @param target {@code category:name} of a tracepoint, the name of a function
 */
public record Way(Kind kind, String target) {
    /** By what a way leads. */
    public enum Kind {
        /** A static tracepoint. */
        TRACEPOINT,
        /** The entry of a function. */
        KPROBE,
        /** The return of a function. */
        KRETPROBE
    }

    static Way tracepoint(String target) {
        return new Way(Kind.TRACEPOINT, target);
    }

    static Way kprobe(String function) {
        return new Way(Kind.KPROBE, function);
    }

    boolean isKprobe() {
        return kind != Kind.TRACEPOINT;
    }

    String macro() {
        return "VIA_" + target.replace(':', '_');
    }

    /** Why this kernel doesn't have it; empty if it has. */
    Optional<String> obstacle() {
        if (kind == Kind.TRACEPOINT) {
            String[] parts = target.split(":");
            return Probes.tracepointExists(parts[0], parts[1])
                    ? Optional.empty()
                    : Optional.of("there is no tracepoint " + target);
        }
        Features.Result kprobes = Features.kprobe();
        if (kprobes.state() == Features.State.UNSUPPORTED) {
            return Optional.of("there are no kprobes for the function " + target + " (" + kprobes.reason() + ")");
        }
        return function().isPresent() ? Optional.empty() : Optional.of(Probes.explain(target));
    }

    /** The function, perhaps under the name of what the compiler made of it; also where rights are missing, so that attaching tells. */
    private Optional<String> function() {
        return Stream.of(target, target + ".isra.0", target + ".constprop.0")
                .filter(name -> Features.kprobe(name).state() != Features.State.UNSUPPORTED)
                .findFirst();
    }

    void attach(BPF bpf, String program) {
        String function = function().orElse(target);
        if (kind == Kind.KRETPROBE) {
            bpf.attachKretprobe(function, program);
        } else {
            bpf.attachKprobe(function, program);
        }
    }
}

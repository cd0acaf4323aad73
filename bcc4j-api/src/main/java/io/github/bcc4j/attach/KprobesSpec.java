package io.github.bcc4j.attach;

import java.util.List;

/**
 * The entries or returns of many kernel functions, through one link: thousands in a moment. {@code PT_REGS_IP} is the function's
 * address. Kernel floor: 5.18, with {@code CONFIG_FPROBE}; {@code BPF.attachKprobes} does it one by one where that is missing.
 *
 * @param functions their symbols; all must be hooks of the function tracer
 * @param returning whether to run when they return instead of when they are entered
 */
public record KprobesSpec(List<String> functions, boolean returning) implements AttachSpec {
    /** Checks the parts. */
    public KprobesSpec {
        functions = List.copyOf(functions);
        if (functions.isEmpty()) {
            throw new IllegalArgumentException("no kernel function to attach to");
        }
    }

    @Override
    public ProgramType programType() {
        return ProgramType.KPROBE_MULTI;
    }

    @Override
    public String toString() {
        String first = String.join(",", functions.subList(0, Math.min(3, functions.size())));
        return (returning ? "r:" : "p:") + first + (functions.size() > 3 ? ",... (" + functions.size() + ")" : "");
    }
}

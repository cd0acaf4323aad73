package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Turns stacks of addresses into stacks of functions, for the kernel and for many processes: it opens the symbols of a process when
 * the first of its stacks comes, and keeps those of the {@value #DEFAULT_PROCESSES} processes asked for last.
 *
 * <p>Addresses come as {@code bpf_get_stackid} and {@code bpf_get_stack} leave them: the innermost first, and a zero ends them.
 * Thread-safe.
 */
public final class StackResolver implements AutoCloseable {
    private static final int DEFAULT_PROCESSES = 64;

    private final SymbolOptions options;
    private final int mostProcesses;
    private final KernelSymbols kernel = KernelSymbols.current();
    /** The one asked for last is the last; empty where a process could not be looked at. */
    private final Map<Integer, Optional<ProcessSymbols>> processes = new LinkedHashMap<>(16, 0.75f, true);

    private boolean closed;

    /** With C++ names as in the source. */
    public StackResolver() {
        this(SymbolOptions.DEFAULT, DEFAULT_PROCESSES);
    }

    /**
     * With other options.
     *
     * @param options how functions of processes are named
     * @param mostProcesses of how many processes symbols are kept, 1 or more
     */
    public StackResolver(SymbolOptions options, int mostProcesses) {
        if (mostProcesses < 1) {
            throw new IllegalArgumentException("at least one process must be kept, not " + mostProcesses);
        }
        this.options = options;
        this.mostProcesses = mostProcesses;
    }

    /**
     * A whole stack: the kernel's part, then the process's that called it.
     *
     * @param kernelStack addresses of the kernel, may be empty
     * @param userStack addresses of the process, may be empty
     * @param pid the process, in this JVM's namespace
     * @return the frames, the innermost first
     * @throws HiddenSymbolsException if there are kernel addresses and this process may not see the kernel's
     */
    public List<Frame> resolve(long[] kernelStack, long[] userStack, int pid) {
        List<Frame> frames = new ArrayList<>(kernel(kernelStack));
        frames.addAll(user(userStack, pid));
        return List.copyOf(frames);
    }

    /**
     * A stack of the kernel.
     *
     * @param stack its addresses
     * @return its frames, the innermost first
     * @throws HiddenSymbolsException if this process may not see the kernel's addresses
     */
    public List<Frame> kernel(long[] stack) {
        return frames(
                stack,
                address -> kernel.resolve(address)
                        .map(s -> Frame.of(Frame.Kind.KERNEL, address, s))
                        .orElseGet(() -> Frame.unknown(Frame.Kind.KERNEL, address, "")));
    }

    /**
     * A stack of a process.
     *
     * @param stack its addresses
     * @param pid the process, in this JVM's namespace; of one that had ended when its first stack came, no names are known
     * @return its frames, the innermost first
     */
    public synchronized List<Frame> user(long[] stack, int pid) {
        if (closed) {
            throw new IllegalStateException("this StackResolver is closed");
        }
        if (stack.length == 0 || stack[0] == 0) {
            return List.of();
        }
        Optional<ProcessSymbols> symbols = process(pid);
        return frames(
                stack,
                address -> symbols.map(p -> p.frame(address))
                        .orElseGet(() -> Frame.unknown(Frame.Kind.USER, address, "")));
    }

    private static List<Frame> frames(long[] stack, LongFunction<Frame> name) {
        List<Frame> frames = new ArrayList<>(stack.length);
        for (int i = 0; i < stack.length && stack[i] != 0; i++) {
            frames.add(name.apply(stack[i]));
        }
        return frames;
    }

    private Optional<ProcessSymbols> process(int pid) {
        Optional<ProcessSymbols> known = processes.get(pid);
        if (known == null) {
            known = open(pid);
            processes.put(pid, known);
            if (processes.size() > mostProcesses) {
                Iterator<Optional<ProcessSymbols>> all = processes.values().iterator();
                all.next().ifPresent(ProcessSymbols::close);
                all.remove();
            }
        }
        return known;
    }

    private Optional<ProcessSymbols> open(int pid) {
        try {
            return pid <= 0 ? Optional.empty() : Optional.of(ProcessSymbols.of(pid, options));
        } catch (BpfException e) {
            return Optional.empty(); // ended, or another user's: its frames stay without names
        }
    }

    /** Closes the symbols of all processes. Closing again does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        processes.values().forEach(p -> p.ifPresent(ProcessSymbols::close));
        processes.clear();
    }
}

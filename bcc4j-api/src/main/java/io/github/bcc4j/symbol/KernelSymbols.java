package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.ffm.linux.Bpf;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;

/**
 * The functions of the running kernel, of its modules and of its compiled BPF programs, by address and by name. One table serves the
 * whole JVM: about 5 MB, read from {@code /proc/kallsyms} in some 40 ms by the first call that needs it.
 *
 * <p>Addresses are unsigned. Modules and BPF programs that come or go later are noticed by the first {@link #resolve} of an address
 * outside of the kernel proper, at most a second late. BPF programs show if {@code net.core.bpf_jit_kallsyms} is 1, as it is by
 * default for root. Thread-safe.
 */
public final class KernelSymbols {
    private static final KernelSymbols CURRENT = new KernelSymbols(Path.of("/proc"));
    private static final long CHECK_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Path proc;
    private volatile KernelTable table;
    private volatile long checked;
    private Changeable seen;

    /** What tells that other modules or BPF programs are loaded: the kernel numbers programs upwards. */
    private record Changeable(String modules, int newestProgram) {}

    KernelSymbols(Path proc) {
        this.proc = proc;
    }

    /**
     * The running kernel's.
     *
     * @return always the same; nothing is read yet
     */
    public static KernelSymbols current() {
        return CURRENT;
    }

    private KernelTable table() {
        KernelTable now = table;
        return now != null ? now : load();
    }

    private synchronized KernelTable load() {
        if (table == null) {
            table = KernelTable.load(proc.resolve("kallsyms"), proc.resolve("sys/kernel/kptr_restrict"));
            checked = System.nanoTime();
        }
        return table;
    }

    /** The table, read anew if anything has come or gone. The first look has nothing to compare with, so counts as a change. */
    private synchronized KernelTable update() {
        Changeable now = look();
        if (!now.equals(seen)) {
            seen = now;
            table = null;
        }
        checked = System.nanoTime();
        return load();
    }

    private Changeable look() {
        int program = seen == null ? 0 : seen.newestProgram;
        for (int next = Bpf.nextProgramId(program); next > 0; next = Bpf.nextProgramId(next)) {
            program = next;
        }
        return new Changeable(Proc.text(proc.resolve("modules")), program);
    }

    /**
     * Reads the table anew, whatever is known of changes.
     *
     * @throws BpfException if {@code /proc} is not mounted
     * @throws HiddenSymbolsException if this process is not shown the addresses
     */
    public synchronized void refresh() {
        table = null;
        load();
    }

    /**
     * How many functions there are.
     *
     * @return positive
     * @throws HiddenSymbolsException if this process is not shown the addresses
     */
    public int size() {
        return table().size();
    }

    /**
     * The function an address lies in, or behind: the kernel does not tell where its functions end.
     *
     * @param address an address of the kernel
     * @return the last function that begins at or before it, the first listed of its names; empty for an address below all, or
     *     behind the end of the kernel and before the first module
     * @throws BpfException if {@code /proc} is not mounted
     * @throws HiddenSymbolsException if this process is not shown the addresses
     */
    public Optional<Symbol> resolve(long address) {
        KernelTable now = table();
        int at = now.find(address);
        if ((at < 0 || !now.isPermanent(at)) && System.nanoTime() - checked > CHECK_EVERY) {
            now = update();
            at = now.find(address);
        }
        return at < 0 ? Optional.empty() : Optional.of(now.symbol(at, address));
    }

    /**
     * Where a function begins.
     *
     * @param name its symbol, without module
     * @return its address, the lowest if several have the name; empty if none has
     * @throws HiddenSymbolsException if this process is not shown the addresses
     */
    public OptionalLong address(String name) {
        return table().address(name);
    }

    /**
     * The modules that have functions.
     *
     * @return sorted; {@code bpf} stands for compiled BPF programs
     * @throws HiddenSymbolsException if this process is not shown the addresses
     */
    public SortedSet<String> modules() {
        return table().modules();
    }
}

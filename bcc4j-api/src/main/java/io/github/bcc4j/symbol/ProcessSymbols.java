package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.ElfException;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfSymbols;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The functions of a process: of its executable, its libraries, the kernel's vdso, and what its run-time compiler has named in a
 * {@code perf-PID.map}. Files and perf maps are looked for in the process's own root folder and under its own number there, so
 * processes of containers have names too.
 *
 * <p>A process that maps other files (by dlopen, or exec) or whose perf map grows is looked at again: at most a second late for
 * addresses asked for before, a tenth of a second for others. Of a process that has ended, what was known last is still answered, also
 * if another process gets its number.
 *
 * <p>Thread-safe. Holds a descriptor for each mapped file until it is closed. At most {@value #CACHED} addresses are kept.
 */
public final class ProcessSymbols implements AutoCloseable {
    private static final int CACHED = 1 << 16;
    private static final long CHECK_KNOWN = TimeUnit.SECONDS.toNanos(1);
    private static final long CHECK_UNKNOWN = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Pattern PERF_MAP = Pattern.compile("(.*/)?perf-\\d+\\.map");

    private final int pid;
    private final SymbolOptions options;
    private final ProcessView process;
    private final Map<Long, Frame> frames = new ConcurrentHashMap<>();
    private volatile long checked;
    private Optional<ProcessView.State> state;
    private NativeSymbols symbols;

    private ProcessSymbols(int pid, SymbolOptions options) {
        this.pid = pid;
        this.options = options;
        this.process = new ProcessView(pid);
        this.state = process.state();
        this.symbols = new NativeSymbols(pid, options);
        this.checked = System.nanoTime();
    }

    /**
     * The symbols of a process, C++ names as in the source.
     *
     * @param pid its number in this JVM's namespace
     * @return its symbols, to be closed
     * @throws BpfException if there is no such process, or this one may not look at it
     */
    public static ProcessSymbols of(int pid) {
        return of(pid, SymbolOptions.DEFAULT);
    }

    /**
     * The symbols of a process.
     *
     * @param pid its number in this JVM's namespace
     * @param options how functions are named
     * @return its symbols, to be closed
     * @throws BpfException if there is no such process, or this one may not look at it
     * @throws IllegalArgumentException if pid is not positive
     */
    public static ProcessSymbols of(int pid, SymbolOptions options) {
        return new ProcessSymbols(pid, options);
    }

    /**
     * The process.
     *
     * @return its number
     */
    public int pid() {
        return pid;
    }

    /**
     * What an address is.
     *
     * @param address an address of the process
     * @return a frame of kind {@code USER} or {@code JIT}; where no function is known, one named {@value Frame#UNKNOWN}, with the
     *     file if that is known
     * @throws IllegalStateException if this is closed
     */
    public Frame frame(long address) {
        if (System.nanoTime() - checked > CHECK_KNOWN) {
            check();
        }
        Frame known = frames.get(address);
        return known != null ? known : look(address);
    }

    private synchronized Frame look(long address) {
        Frame frame = read(address);
        if (!frame.isKnown() && System.nanoTime() - checked > CHECK_UNKNOWN && check()) {
            frame = read(address);
        }
        if (frames.size() >= CACHED) {
            frames.clear();
        }
        frames.put(address, frame);
        return frame;
    }

    private Frame read(long address) {
        NativeSymbols.Place place = open().resolve(address);
        boolean jit = PERF_MAP.matcher(place.module()).matches();
        if (place.module().equals(Mapping.VDSO)) {
            return vdso(address);
        }
        if (place.name() == null) {
            return Frame.unknown(Frame.Kind.USER, address, jit ? "" : place.module());
        }
        return new Frame(jit ? Frame.Kind.JIT : Frame.Kind.USER, address, place.name(), place.offset(), place.module());
    }

    private Frame vdso(long address) {
        return state.stream()
                .flatMap(s -> s.code().stream())
                .filter(m -> m.path().equals(Mapping.VDSO) && m.contains(address))
                .findFirst()
                .flatMap(m -> Vdso.at(address - m.start()))
                .map(s -> Frame.of(Frame.Kind.USER, address, s))
                .orElseGet(() -> Frame.unknown(Frame.Kind.USER, address, Mapping.VDSO));
    }

    private NativeSymbols open() {
        if (symbols == null) {
            throw new IllegalStateException("the symbols of process " + pid + " are closed");
        }
        return symbols;
    }

    /** Looks at the process again; whether anything changed. */
    private synchronized boolean check() {
        open();
        Optional<ProcessView.State> now = process.state();
        checked = System.nanoTime();
        if (now.isEmpty() || now.equals(state)) {
            return false;
        }
        NativeSymbols fresh = new NativeSymbols(pid, options);
        if (process.state().isEmpty()) { // it ended meanwhile
            fresh.close();
            return false;
        }
        symbols.close();
        symbols = fresh;
        state = now;
        frames.clear();
        return true;
    }

    /**
     * The function an address is in.
     *
     * @param address an address of the process
     * @return the function, with the path of its file or perf map; empty if it is not known
     */
    public Optional<Symbol> resolve(long address) {
        Frame frame = frame(address);
        return frame.isKnown()
                ? Optional.of(new Symbol(frame.name(), frame.offset(), frame.module()))
                : Optional.empty();
    }

    /**
     * Where a function begins.
     *
     * @param module the file, by its path in the process's memory map
     * @param name the function, as the linker knows it
     * @return its address in the process; empty if the file has no such function, or is not mapped (any more)
     */
    public OptionalLong address(String module, String name) {
        List<Mapping> mapped = process.mappings().stream()
                .filter(m -> m.isFile() && m.path().equals(module))
                .toList();
        if (mapped.isEmpty()) {
            return OptionalLong.empty();
        }
        try (ElfFile elf = ElfFile.open(process.inside(module))) {
            return ElfSymbols.of(elf, process.inside("/")).stream()
                    .filter(s -> s.isFunction() && s.name().equals(name))
                    .flatMap(s -> elf.offset(s.address()).stream().boxed())
                    .flatMap(offset -> mapped.stream().flatMap(m -> m.address(offset).stream()))
                    .mapToLong(Long::longValue)
                    .findFirst();
        } catch (ElfException e) {
            return OptionalLong.empty(); // it was replaced, or is no program
        }
    }

    /** Looks at the process at once for files mapped and code compiled since; does nothing if it has ended. */
    public void refresh() {
        check();
    }

    /** Closes the files. Closing again does nothing. */
    @Override
    public synchronized void close() {
        if (symbols != null) {
            symbols.close();
            symbols = null;
            frames.clear();
        }
    }
}

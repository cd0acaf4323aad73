package io.github.bcc4j.ffm;

import io.github.bcc4j.ffm.LibraryFinder.Library;
import io.github.bcc4j.ffm.LibraryFinder.Opened;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The native libraries of this process. Open one before the first call of the generated bindings: {@link #libbcc()} where C text is
 * compiled, {@link #libbccBpf()} everywhere else.
 *
 * <p>A library is found by its soname, then in the usual directories; or, if the system property {@code bcc4j.libbcc},
 * {@code bcc4j.libbcc_bpf} or {@code bcc4j.libbpf} is set, at that path alone. libbcc and libbcc_bpf must be 0.25 or later. An open
 * library stays open until the process ends. Thread-safe.
 */
public final class NativeLibrary {
    private NativeLibrary() {}

    private static final LibraryFinder FINDER = LibraryFinder.system();

    /** In the order of opening, which is the order of lookup: a symbol never moves to another library. */
    private static final List<Opened> OPEN = new CopyOnWriteArrayList<>();

    /**
     * Opens libbcc, which brings LLVM: some 60 MB that are never given back. For the compile process.
     *
     * @return its file
     * @throws NativeLibraryException if there is none, it is older than 0.25, or native access is denied
     */
    public static LibraryFile libbcc() {
        return openFirst(List.of(Library.LIBBCC));
    }

    /**
     * Opens libbcc_bpf, which has all of libbcc but the compiler; failing that, libbcc. If libbcc alone is open already, that
     * is it.
     *
     * @return the file of the library
     * @throws NativeLibraryException if there is neither, they are older than 0.25, or native access is denied
     */
    public static LibraryFile libbccBpf() {
        return opened(Library.LIBBCC_BPF)
                .or(() -> opened(Library.LIBBCC))
                .map(Opened::file)
                .orElseGet(() -> openFirst(List.of(Library.LIBBCC_BPF, Library.LIBBCC)));
    }

    private static synchronized LibraryFile openFirst(List<Library> libraries) {
        List<String> tried = new ArrayList<>();
        for (Library library : libraries) {
            Optional<Opened> there = opened(library).or(() -> open(library, tried));
            if (there.isPresent()) {
                return there.get().file();
            }
        }
        throw new NativeLibraryException(
                "No usable " + libraries.stream().map(l -> l.text).collect(Collectors.joining(" or "))
                        + " (0.25 or later):"
                        + tried.stream().map(t -> "\n  " + t).collect(Collectors.joining()),
                InstallHint.here(),
                null);
    }

    private static Optional<Opened> opened(Library library) {
        return OPEN.stream().filter(o -> o.library() == library).findFirst();
    }

    private static Optional<Opened> open(Library library, List<String> tried) {
        Optional<Opened> opened = FINDER.open(library, tried);
        opened.ifPresent(OPEN::add);
        return opened;
    }

    /**
     * Finds a symbol in the open libraries and those they depend on, then in libbpf.
     *
     * @param symbol a C name
     * @return its address, empty if there is none
     */
    public static synchronized Optional<MemorySegment> find(String symbol) {
        for (Opened o : OPEN) {
            Optional<MemorySegment> address = o.handle().find(symbol);
            if (address.isPresent()) {
                return address;
            }
        }
        if (opened(Library.LIBBPF).isPresent()) {
            return Optional.empty();
        }
        return open(Library.LIBBPF, new ArrayList<>()).flatMap(o -> o.handle().find(symbol));
    }

    /**
     * Whether a symbol is there: for those that older versions lack, and before any other call of them, since the generated
     * bindings remember a failure.
     *
     * @param symbol a C name
     * @return true if {@link #find} would find it
     */
    public static boolean has(String symbol) {
        return find(symbol).isPresent();
    }

    /**
     * Links a function that older versions lack, and that the bindings therefore don't have.
     *
     * @param symbol its C name
     * @param shape its result and parameters
     * @return a handle, empty if this version lacks it
     */
    public static Optional<MethodHandle> optional(String symbol, FunctionDescriptor shape) {
        return find(symbol).map(address -> Linker.nativeLinker().downcallHandle(address, shape));
    }

    /**
     * The address of a symbol. For the generated bindings: it throws an error, so that their class initialisers pass it on as it is.
     *
     * @param symbol a C name
     * @return its address
     * @throws UnsatisfiedLinkError if it is in no open library
     */
    public static MemorySegment symbol(String symbol) {
        return find(symbol)
                .orElseThrow(() -> new UnsatisfiedLinkError(symbol + " is not in "
                        + (OPEN.isEmpty()
                                ? "any library: none is open"
                                : OPEN.stream().map(o -> o.file().toString()).collect(Collectors.joining(", ")))));
    }

    /**
     * The libraries that are open or would be opened, for display. Loads libbcc_bpf and libbpf, but not libbcc.
     *
     * @return by name, {@code libbcc}, {@code libbcc_bpf}, {@code libbpf}, in this order; those not found are left out
     */
    public static synchronized Map<String, LibraryFile> versions() {
        Map<String, LibraryFile> versions = new LinkedHashMap<>();
        Optional<Opened> bpf = opened(Library.LIBBCC_BPF).or(() -> open(Library.LIBBCC_BPF, new ArrayList<>()));
        List<Path> beside = bpf.map(o -> o.file().path().getParent()).stream().toList();
        opened(Library.LIBBCC)
                .map(Opened::file)
                .or(() -> FINDER.locate(Library.LIBBCC, beside))
                .ifPresent(f -> versions.put(f.name(), f));
        bpf.ifPresent(o -> versions.put(o.file().name(), o.file()));
        opened(Library.LIBBPF)
                .or(() -> open(Library.LIBBPF, new ArrayList<>()))
                .ifPresent(o -> versions.put(o.file().name(), o.file()));
        return versions;
    }
}

package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfNote;
import io.github.bcc4j.elf.ElfSymbol;
import io.github.bcc4j.elf.ElfSymbols;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of files by build-id and offset, the way stack traces of kind {@code BPF_STACK_TRACE_BUILDID} name places: they can be
 * resolved after the process has ended, and on another machine. Thread-safe.
 */
public final class BuildIdSymbols {
    private final Map<String, Module> modules = new ConcurrentHashMap<>();

    /** Creates one that knows no file. */
    public BuildIdSymbols() {}

    /** Functions by where they begin in the file. */
    private record Module(String path, TreeMap<Long, ElfSymbol> functions) {
        Optional<Symbol> at(long offset) {
            return Optional.ofNullable(functions.floorEntry(offset))
                    .filter(f -> offset < f.getKey() + length(f))
                    .map(f -> new Symbol(Demangler.demangle(f.getValue().name()), offset - f.getKey(), path));
        }

        /** Functions written in assembly may not say how long they are: the next one ends them. */
        private long length(Map.Entry<Long, ElfSymbol> function) {
            long size = function.getValue().size();
            Long next = functions.higherKey(function.getKey());
            return size > 0 || next == null ? Math.max(size, 1) : next - function.getKey();
        }
    }

    /**
     * Makes a file known.
     *
     * @param file an executable or library; its separate debug file is used too
     * @return its build-id, in hexadecimal digits
     * @throws BpfException if it is no such file, or has no build-id
     */
    public String add(Path file) {
        try (ElfFile elf = ElfFile.open(file)) {
            String id = ElfNote.buildId(elf)
                    .orElseThrow(
                            () -> new BpfException(file + " has no build-id", "link it with -Wl,--build-id", null));
            TreeMap<Long, ElfSymbol> functions = new TreeMap<>();
            ElfSymbols.of(elf, Path.of("/")).stream()
                    .filter(ElfSymbol::isFunction)
                    .sorted(Comparator.comparingLong(ElfSymbol::size))
                    .forEach(s -> elf.offset(s.address()).ifPresent(offset -> functions.put(offset, s)));
            modules.put(id, new Module(file.toString(), functions));
            return id;
        }
    }

    /**
     * The function at an offset of a file.
     *
     * @param buildId the file's build-id, in hexadecimal digits
     * @param offset bytes from the start of the file
     * @return the function; empty if the file is not known or has none there
     */
    public Optional<Symbol> resolve(String buildId, long offset) {
        return Optional.ofNullable(modules.get(buildId)).flatMap(m -> m.at(offset));
    }
}

package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfSymbol;
import io.github.bcc4j.elf.ElfSymbols;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The functions of the library that the kernel maps into every process; libbcc does not find it where paths begin at a process's root. */
final class Vdso {
    private Vdso() {}

    /** By offset from its start; all 64-bit processes have the same. */
    private static final TreeMap<Long, ElfSymbol> FUNCTIONS = read();

    private static TreeMap<Long, ElfSymbol> read() {
        TreeMap<Long, ElfSymbol> functions = new TreeMap<>();
        for (Mapping m : Mapping.parse(Proc.text(Path.of("/proc/self/maps")))) {
            if (m.path().equals(Mapping.VDSO)) {
                byte[] image = MemorySegment.ofAddress(m.start())
                        .reinterpret(m.end() - m.start())
                        .toArray(ValueLayout.JAVA_BYTE);
                functions.putAll(functions(image));
            }
        }
        return functions;
    }

    private static Map<Long, ElfSymbol> functions(byte[] image) {
        Map<Long, ElfSymbol> functions = new TreeMap<>();
        try {
            Path copy = Files.createTempFile("bcc4j-vdso", null);
            try (ElfFile elf = ElfFile.open(Files.write(copy, image))) {
                ElfSymbols.of(elf, copy).stream()
                        .filter(ElfSymbol::isFunction)
                        .filter(s -> s.name().startsWith("__") || !functions.containsKey(s.address()))
                        .forEach(s -> functions.put(s.address(), s));
            } finally {
                Files.delete(copy);
            }
        } catch (IOException | BpfException e) {
            functions.clear(); // its functions stay without names
        }
        return functions;
    }

    static Optional<Symbol> at(long offset) {
        return Optional.ofNullable(FUNCTIONS.floorEntry(offset))
                .map(Map.Entry::getValue)
                .filter(f -> offset < f.address() + f.size())
                .map(f -> new Symbol(f.name(), offset - f.address(), Mapping.VDSO));
    }
}

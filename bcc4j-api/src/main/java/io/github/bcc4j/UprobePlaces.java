package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.Binaries;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.attach.UprobesSpec;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfSymbol;
import io.github.bcc4j.elf.ElfSymbol.Kind;
import io.github.bcc4j.elf.ElfSymbols;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.text.SimilarNames;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Turns what a user means by a place in a binary into a file and an offset, which is all the kernel understands. */
final class UprobePlaces {
    private static final int SIMILAR = 5;

    private final String program;
    private final AttachSpec spec;

    private UprobePlaces(String program, AttachSpec spec) {
        this.program = program;
        this.spec = spec;
    }

    /** A place as the kernel knows it. */
    record Place(Path file, long offset) {}

    /** Many places of a file. */
    record Places(Path file, List<Long> offsets) {}

    static Place resolve(String program, UprobeSpec spec) {
        return new UprobePlaces(program, spec).place(spec);
    }

    static Places resolve(String program, UprobesSpec spec) {
        Path file = file(spec.binary(), spec.pid());
        List<Long> offsets = Binaries.functions(file, spec.pid(), spec.functions()).stream()
                .map(Binaries.Function::fileOffset)
                .toList();
        if (offsets.isEmpty()) {
            throw new UprobePlaces(program, spec)
                    .refused("no function of " + file + " has a name that matches, as a whole, " + spec.functions());
        }
        return new Places(file, offsets);
    }

    private Place place(UprobeSpec uprobe) {
        Path file = file(uprobe.binary(), uprobe.pid());
        try (ElfFile elf = ElfFile.open(file)) {
            long offset = switch (uprobe.place()) {
                case UprobeSpec.FileOffset f -> f.offset();
                case UprobeSpec.Address a -> offset(elf, a.address());
                case UprobeSpec.Symbol s -> offset(elf, find(ElfSymbols.of(elf, Binaries.root(uprobe.pid())), elf, s));
            };
            if (!elf.isCode(offset)) {
                throw refused("0x" + Long.toHexString(offset) + " of " + file
                        + " is not code: no executable segment of the file has it");
            }
            return new Place(file, offset);
        }
    }

    private static Path file(String binary, OptionalInt pid) {
        return pid.isPresent() ? Binaries.find(binary, pid.getAsInt()) : Binaries.find(binary);
    }

    private long offset(ElfFile elf, long address) {
        OptionalLong offset = elf.offset(address);
        return offset.orElseThrow(
                () -> refused(
                        "address 0x" + Long.toHexString(address)
                                + " is not in the file; addresses are those of its symbol table (nm, objdump), not of a running process"));
    }

    private long find(List<ElfSymbol> symbols, ElfFile elf, UprobeSpec.Symbol wanted) {
        String version = "";
        String name = wanted.name();
        int at = name.indexOf('@', 1);
        if (at > 0) {
            version = name.substring(name.startsWith("@@", at) ? at + 2 : at + 1);
            name = name.substring(0, at);
        }
        ElfSymbol symbol = choose(symbols, name, version);
        if (symbol == null) {
            throw refused(missing(symbols, elf, name, version));
        }
        if (symbol.kind() == Kind.INDIRECT_FUNCTION) {
            throw refused(indirect(symbols, name));
        }
        if (symbol.size() > 0 && wanted.offset() >= symbol.size()) {
            throw refused(name + " is only " + symbol.size() + " bytes long");
        }
        return symbol.address() + wanted.offset();
    }

    /** The one that is meant: of a version, else the standard one, and rather one that other files see than one that they don't. */
    private ElfSymbol choose(List<ElfSymbol> symbols, String name, String version) {
        List<ElfSymbol> named = symbols.stream()
                .filter(s -> s.isFunction() && s.name().equals(name))
                .filter(s -> version.isEmpty() || s.version().equals(version))
                .toList();
        for (boolean global : new boolean[] {true, false}) {
            for (boolean standard : new boolean[] {true, false}) {
                List<ElfSymbol> same = named.stream()
                        .filter(s -> s.global() == global && s.standard() == standard)
                        .toList();
                if (same.stream().mapToLong(ElfSymbol::address).distinct().count() > 1) {
                    throw refused("several functions are called " + name + ": give one of "
                            + same.stream()
                                    .map(s -> (s.version().isEmpty() ? "address " : s.fullName() + " at ") + "0x"
                                            + Long.toHexString(s.address()))
                                    .distinct()
                                    .collect(Collectors.joining(", ")));
                }
                if (!same.isEmpty()) {
                    return same.getFirst();
                }
            }
        }
        return null;
    }

    private static String missing(List<ElfSymbol> symbols, ElfFile elf, String name, String version) {
        List<String> functions = symbols.stream()
                .filter(s -> s.kind() == Kind.FUNCTION)
                .map(ElfSymbol::name)
                .distinct()
                .toList();
        if (functions.isEmpty()) {
            return elf.path()
                    + " has no symbols: it is stripped, and no separate debug file of this build is beside it or in"
                    + " /usr/lib/debug; give an address or file offset";
        }
        if (symbols.stream().anyMatch(s -> s.name().equals(name) && !s.isFunction())) {
            return name + " is not a function of " + elf.path() + " but a variable";
        }
        List<String> versions = symbols.stream()
                .filter(s -> s.name().equals(name) && !s.version().isEmpty())
                .map(ElfSymbol::fullName)
                .distinct()
                .toList();
        if (!version.isEmpty() && !versions.isEmpty()) {
            return elf.path() + " has " + String.join(", ", versions) + ", not version " + version;
        }
        List<String> similar = SimilarNames.of(functions, name, SIMILAR);
        return elf.path() + " has no function " + name + " (what is inlined, or static and stripped, has no symbol)"
                + (similar.isEmpty() ? "" : "; there is " + String.join(", ", similar));
    }

    private static String indirect(List<ElfSymbol> symbols, String name) {
        List<String> bodies = symbols.stream()
                .filter(s -> s.kind() == Kind.FUNCTION && s.name().contains("_" + name + "_"))
                .map(ElfSymbol::name)
                .distinct()
                .sorted()
                .toList();
        return name
                + " is an indirect function: its symbol leads to code that runs once, to choose among versions for different"
                + " processors. "
                + (bodies.isEmpty()
                        ? "This file does not name these; with its debug symbols installed they can be probed by name"
                        : "Probe these: " + String.join(", ", bodies));
    }

    private AttachException refused(String why) {
        return new AttachException(program, spec, Errno.ENOENT, why);
    }
}

package io.github.bcc4j.elf;

import io.github.bcc4j.ElfException;
import io.github.bcc4j.elf.ElfFile.Section;
import io.github.bcc4j.elf.ElfSymbol.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the symbols that a file defines, from its own tables and from its separate debug file. Source: elf(5), the LSB on versions. */
public final class ElfSymbols {
    private static final int SYMTAB = 2;
    private static final int DYNSYM = 11;
    private static final int HIDDEN = 0x8000;

    private ElfSymbols() {}

    /**
     * Every symbol that a file defines.
     *
     * @param elf the file
     * @param root the root folder below which separate debug files lie
     * @return each once; those of the dynamic table first
     */
    public static List<ElfSymbol> of(ElfFile elf, Path root) {
        LinkedHashSet<ElfSymbol> all = new LinkedHashSet<>();
        boolean complete = false;
        for (Section s : elf.sections()) {
            if (s.type() == DYNSYM) {
                all.addAll(table(elf, s, versions(elf)));
            }
        }
        for (Section s : elf.sections()) {
            if (s.type() == SYMTAB) {
                all.addAll(table(elf, s, List.of()));
                complete = true;
            }
        }
        if (!complete) {
            DebugFile.of(elf, root).ifPresent(path -> all.addAll(ofDebugFile(path)));
        }
        return List.copyOf(all);
    }

    private static List<ElfSymbol> ofDebugFile(Path path) {
        try (ElfFile debug = ElfFile.open(path)) {
            return debug.sections().stream()
                    .filter(s -> s.type() == SYMTAB)
                    .flatMap(s -> table(debug, s, List.of()).stream())
                    .toList();
        }
    }

    private static List<ElfSymbol> table(ElfFile elf, Section section, List<Version> versions) {
        if (section.link() < 0 || section.link() >= elf.sections().size()) {
            throw elf.damaged("the symbols of " + section.name() + " have no names", null);
        }
        ByteBuffer names = elf.content(elf.sections().get(section.link()));
        ByteBuffer table = elf.content(section);
        int size = elf.isWide() ? 24 : 16;
        List<ElfSymbol> symbols = new ArrayList<>();
        for (int i = 1; i < table.limit() / size; i++) {
            ByteBuffer s = table.slice(i * size, size).order(ByteOrder.LITTLE_ENDIAN);
            int info = s.get(elf.isWide() ? 4 : 12) & 0xff;
            int home = s.getShort(elf.isWide() ? 6 : 14) & 0xffff;
            int type = info & 0xf;
            String name = ElfFile.string(names, s.getInt(0));
            if (home == 0 || name.isEmpty() || type == 3 || type == 4 || type == 6) {
                continue; // defined elsewhere; a section, a file, or a thread's own
            }
            Version version = i < versions.size() ? versions.get(i) : Version.NONE;
            int at = name.indexOf('@', 1);
            if (at > 0) {
                boolean standard = name.startsWith("@@", at);
                version = new Version(name.substring(at + (standard ? 2 : 1)), standard);
                name = name.substring(0, at);
            }
            symbols.add(new ElfSymbol(
                    name,
                    version.name(),
                    version.standard(),
                    elf.isWide() ? s.getLong(8) : Integer.toUnsignedLong(s.getInt(4)),
                    elf.isWide() ? s.getLong(16) : Integer.toUnsignedLong(s.getInt(8)),
                    type == 2 ? Kind.FUNCTION : type == 10 ? Kind.INDIRECT_FUNCTION : Kind.OTHER,
                    info >> 4 != 0));
        }
        return symbols;
    }

    private record Version(String name, boolean standard) {
        static final Version NONE = new Version("", true);
    }

    /** The version of each entry of the dynamic table. */
    private static List<Version> versions(ElfFile elf) {
        Optional<Section> numbers = elf.section(".gnu.version");
        if (numbers.isEmpty()) {
            return List.of();
        }
        Map<Integer, String> names = versionNames(elf);
        ByteBuffer table = elf.content(numbers.get());
        List<Version> versions = new ArrayList<>();
        while (table.remaining() >= 2) {
            int number = table.getShort() & 0xffff;
            String name = names.getOrDefault(number & ~HIDDEN, "");
            versions.add(name.isEmpty() ? Version.NONE : new Version(name, (number & HIDDEN) == 0));
        }
        return versions;
    }

    /** The names of the versions that a file defines; number 1 is the file's own and no version. */
    private static Map<Integer, String> versionNames(ElfFile elf) {
        Map<Integer, String> names = new HashMap<>();
        Optional<Section> section = elf.section(".gnu.version_d");
        if (section.isEmpty()
                || section.get().link() < 0
                || section.get().link() >= elf.sections().size()) {
            return names;
        }
        ByteBuffer strings = elf.content(elf.sections().get(section.get().link()));
        ByteBuffer d = elf.content(section.get());
        try {
            for (int at = 0, next = 1; next > 0; at += next) {
                int number = d.getShort(at + 4) & 0x7fff;
                int aux = at + d.getInt(at + 12);
                if (number > 1) {
                    names.put(number, ElfFile.string(strings, d.getInt(aux)));
                }
                next = d.getInt(at + 16);
            }
        } catch (IndexOutOfBoundsException e) {
            throw new ElfException(elf.path(), "its table of symbol versions is damaged", null, e);
        }
        return names;
    }
}

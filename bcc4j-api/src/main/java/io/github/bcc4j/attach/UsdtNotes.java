package io.github.bcc4j.attach;

import io.github.bcc4j.ElfException;
import io.github.bcc4j.attach.UsdtProbe.Location;
import io.github.bcc4j.elf.ElfFile;
import io.github.bcc4j.elf.ElfNote;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the notes by which a file describes its static probes. Source: the SystemTap wiki on {@code .note.stapsdt}. */
final class UsdtNotes {
    private static final int TYPE = 3;

    private UsdtNotes() {}

    private record Name(String provider, String name) {}

    /** The static probes of a file, in the order of their first notes. */
    static List<UsdtProbe> read(Path binary) {
        try (ElfFile elf = ElfFile.open(binary)) {
            long base =
                    elf.section(".stapsdt.base").map(ElfFile.Section::address).orElse(0L);
            UsdtOperands operands = UsdtOperands.of(elf.machine());
            Map<Name, List<Location>> probes = new LinkedHashMap<>();
            for (ElfNote note : ElfNote.of(elf, ".note.stapsdt")) {
                if (note.type() == TYPE && note.owner().equals("stapsdt")) {
                    read(elf, note.content(), base, operands, probes);
                }
            }
            return probes.entrySet().stream()
                    .map(e -> new UsdtProbe(binary, e.getKey().provider, e.getKey().name, e.getValue()))
                    .toList();
        }
    }

    private static void read(
            ElfFile elf, ByteBuffer note, long base, UsdtOperands operands, Map<Name, List<Location>> probes) {
        int word = elf.isWide() ? 8 : 4;
        if (note.remaining() < 3 * word + 3) {
            throw damaged(elf);
        }
        long address = word(note, word);
        // A file that was moved since has moved by as much as its base.
        long noted = word(note, word);
        long moved = base == 0 || noted == 0 ? 0 : base - noted;
        long semaphore = word(note, word);
        String provider = string(elf, note);
        String name = string(elf, note);
        String arguments = string(elf, note);
        String probe = provider + ":" + name;
        Location location = new Location(
                address + moved,
                offset(elf, address + moved, "static probe " + probe),
                semaphore == 0 ? 0 : offset(elf, semaphore + moved, "the semaphore of static probe " + probe),
                operands.parse(arguments));
        List<Location> locations = probes.computeIfAbsent(new Name(provider, name), n -> new ArrayList<>());
        if (!locations.contains(location)) {
            locations.add(location);
        }
    }

    private static long offset(ElfFile elf, long address, String what) {
        return elf.offset(address)
                .orElseThrow(() -> new ElfException(
                        elf.path(),
                        what + " is at 0x" + Long.toHexString(address) + ", where the file has nothing",
                        null,
                        null));
    }

    private static long word(ByteBuffer b, int size) {
        return size == 8 ? b.getLong() : Integer.toUnsignedLong(b.getInt());
    }

    private static String string(ElfFile elf, ByteBuffer b) {
        int start = b.position();
        while (b.hasRemaining()) {
            if (b.get() == 0) {
                return new String(b.array(), b.arrayOffset() + start, b.position() - 1 - start, StandardCharsets.UTF_8);
            }
        }
        throw damaged(elf);
    }

    private static ElfException damaged(ElfFile elf) {
        return new ElfException(elf.path(), "the description of a static probe is cut off", null, null);
    }
}

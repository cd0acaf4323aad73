package io.github.bcc4j.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A note in an ELF file.
 *
 * @param owner who defined its meaning
 * @param type what it is to its owner
 * @param content its bytes, in a buffer of the file's byte order
 */
public record ElfNote(String owner, int type, ByteBuffer content) {
    private static final int NOTE = 7;

    /**
     * The notes of a file.
     *
     * @param elf the file
     * @param sectionName the section that holds them
     * @return in the file's order; what follows a damaged one is left out
     */
    public static List<ElfNote> of(ElfFile elf, String sectionName) {
        List<ElfNote> notes = new ArrayList<>();
        elf.sections().stream()
                .filter(s -> s.type() == NOTE && s.name().equals(sectionName))
                .forEach(s -> read(elf.content(s), notes));
        return notes;
    }

    private static void read(ByteBuffer b, List<ElfNote> notes) {
        while (b.remaining() >= 12) {
            int nameSize = b.getInt();
            int size = b.getInt();
            int type = b.getInt();
            int nameRoom = nameSize + 3 & ~3;
            if (nameSize < 0
                    || nameRoom < 0
                    || nameRoom > b.remaining()
                    || size < 0
                    || size > b.remaining() - nameRoom) {
                return;
            }
            String owner = new String(b.array(), b.arrayOffset() + b.position(), nameSize, StandardCharsets.US_ASCII);
            ByteBuffer content = b.slice(b.position() + nameRoom, size).order(ByteOrder.LITTLE_ENDIAN);
            notes.add(new ElfNote(owner.replace("\0", ""), type, content));
            b.position((int) Math.min((long) b.position() + nameRoom + (size + 3L & ~3L), b.limit()));
        }
    }

    /**
     * The number a linker gives each build.
     *
     * @param elf the file
     * @return as hexadecimal digits, empty if it has none
     */
    public static Optional<String> buildId(ElfFile elf) {
        return of(elf, ".note.gnu.build-id").stream()
                .filter(n -> n.owner.equals("GNU") && n.type == 3)
                .map(n -> {
                    byte[] id = new byte[n.content.remaining()];
                    n.content.get(0, id);
                    return HexFormat.of().formatHex(id);
                })
                .findFirst();
    }
}

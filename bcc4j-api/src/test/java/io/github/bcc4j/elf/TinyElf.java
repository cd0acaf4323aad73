package io.github.bcc4j.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds small ELF files: a header, one executable segment that covers all of it at an address, and sections. */
public final class TinyElf {
    /** Where the file's first byte is in memory. */
    public static final long ADDRESS = 0x40_0000;

    private record Section(String name, int type, long address, byte[] content, int link) {}

    private final boolean wide;
    private final int machine;
    private final List<Section> sections = new ArrayList<>();

    public TinyElf(boolean wide, int machine) {
        this.wide = wide;
        this.machine = machine;
        sections.add(new Section("", 0, 0, new byte[0], 0));
    }

    /** Adds a section and gives its number. */
    public int section(String name, int type, long address, int link, byte[] content) {
        sections.add(new Section(name, type, address, content, link));
        return sections.size() - 1;
    }

    /** Little-endian bytes of integers (4 bytes), longs (8), shorts (2), and NUL-ended strings. */
    public static byte[] bytes(Object... parts) {
        ByteBuffer b = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        for (Object part : parts) {
            switch (part) {
                case Integer i -> b.putInt(i);
                case Long l -> b.putLong(l);
                case Short s -> b.putShort(s);
                case Byte y -> b.put(y);
                case String s -> b.put(s.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
                case byte[] a -> b.put(a);
                default -> throw new IllegalArgumentException(part.toString());
            }
        }
        byte[] out = new byte[b.position()];
        b.get(0, out);
        return out;
    }

    /** A note: owner and content padded to 4 bytes. */
    public static byte[] note(String owner, int type, byte[] content) {
        int name = owner.length() + 1;
        return bytes(
                name,
                content.length,
                type,
                owner,
                new byte[(name + 3 & ~3) - name],
                content,
                new byte[(content.length + 3 & ~3) - content.length]);
    }

    /** A symbol table entry. */
    public byte[] symbol(int name, int info, int section, long value, long size) {
        return wide
                ? bytes(name, (byte) info, (byte) 0, (short) section, value, size)
                : bytes(name, (int) value, (int) size, (byte) info, (byte) 0, (short) section);
    }

    private static byte[] word(boolean wide, long value) {
        return wide ? bytes(value) : bytes((int) value);
    }

    /** The file. */
    public byte[] build() {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        int self = sections.size();
        List<Section> all = new ArrayList<>(sections);
        all.add(new Section(".shstrtab", 3, 0, null, 0));
        int[] nameAt = new int[all.size()];
        for (int i = 0; i < all.size(); i++) {
            nameAt[i] = names.size();
            names.writeBytes(bytes(all.get(i).name));
        }
        all.set(self, new Section(".shstrtab", 3, 0, names.toByteArray(), 0));
        int head = wide ? 64 : 52;
        int programHeader = wide ? 56 : 32;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        for (int i = 0; i < all.size(); i++) {
            Section s = all.get(i);
            headers.writeBytes(bytes(
                    nameAt[i],
                    s.type,
                    word(wide, 0),
                    word(wide, s.address),
                    word(wide, head + programHeader + body.size()),
                    word(wide, s.content.length),
                    s.link,
                    0,
                    word(wide, 1),
                    word(wide, 0)));
            body.writeBytes(s.content);
        }
        int sectionHeaders = head + programHeader + body.size();
        int length = sectionHeaders + headers.size();
        byte[] header = bytes(
                0x464c457f,
                (byte) (wide ? 2 : 1),
                (byte) 1,
                (byte) 1,
                new byte[9],
                (short) 3,
                (short) machine,
                1,
                word(wide, ADDRESS),
                word(wide, head),
                word(wide, sectionHeaders),
                0,
                (short) head,
                (short) programHeader,
                (short) 1,
                (short) (wide ? 64 : 40),
                (short) all.size(),
                (short) self);
        byte[] segment = wide
                ? bytes(1, 5, 0L, ADDRESS, ADDRESS, (long) length, (long) length, 4096L)
                : bytes(1, 0, (int) ADDRESS, (int) ADDRESS, length, length, 5, 4096);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(header);
        file.writeBytes(segment);
        file.writeBytes(body.toByteArray());
        file.writeBytes(headers.toByteArray());
        return file.toByteArray();
    }

    /** A library with everything that is read: versioned symbols, notes of a build and of static probes, a link to a debug file. */
    public static byte[] rich(boolean wide) {
        TinyElf elf = new TinyElf(wide, wide ? 62 : 3);
        int strings = elf.section(".dynstr", 3, 0, 0, bytes("", "answer", "V1", "V2", "data", "chosen"));
        elf.section(
                ".dynsym",
                11,
                0,
                strings,
                bytes(
                        elf.symbol(0, 0, 0, 0, 0),
                        elf.symbol(1, 0x12, 1, ADDRESS + 16, 4),
                        elf.symbol(1, 0x12, 1, ADDRESS + 32, 4),
                        elf.symbol(14, 0x11, 1, ADDRESS + 48, 4),
                        elf.symbol(19, 0x1a, 1, ADDRESS + 64, 4),
                        elf.symbol(1, 0x12, 0, 0, 0)));
        elf.section(
                ".gnu.version",
                0x6fffffff,
                0,
                0,
                bytes((short) 0, (short) 0x8002, (short) 3, (short) 1, (short) 1, (short) 1));
        byte[] first = bytes((short) 1, (short) 0, (short) 2, (short) 1, 0, 20, 28, 8, 0);
        byte[] second = bytes((short) 1, (short) 0, (short) 3, (short) 1, 0, 20, 0, 11, 0);
        elf.section(".gnu.version_d", 0x6ffffffd, 0, strings, bytes(first, second));
        elf.section(".note.gnu.build-id", 7, 0, 0, note("GNU", 3, new byte[] {(byte) 0xab, 0x01, (byte) 0xff}));
        elf.section(".stapsdt.base", 1, ADDRESS + 8, 0, new byte[1]);
        byte[] addresses = bytes(word(wide, ADDRESS + 16), word(wide, ADDRESS + 8), word(wide, ADDRESS + 24));
        byte[] more = bytes(word(wide, ADDRESS + 20), word(wide, ADDRESS + 8), word(wide, 0));
        elf.section(
                ".note.stapsdt",
                7,
                0,
                0,
                bytes(
                        note("stapsdt", 3, bytes(addresses, "tiny", "one", "-4@%eax 8@16(%rdi)")),
                        note("stapsdt", 3, bytes(more, "tiny", "two", ""))));
        elf.section(".gnu_debuglink", 1, 0, 0, bytes("x.debug", 0x12345678));
        return elf.build();
    }
}

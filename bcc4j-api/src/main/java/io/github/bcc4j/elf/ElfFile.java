package io.github.bcc4j.elf;

import io.github.bcc4j.ElfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The headers of an ELF file, and its content piece by piece. Whatever a file says about itself is held against its size, so a damaged one
 * ends in an {@link ElfException} and costs no more memory than it is long.
 *
 * <p>Source: elf(5). For one thread.
 */
public final class ElfFile implements AutoCloseable {
    /** {@code ET_EXEC}: addresses are those of the running process. */
    public static final int TYPE_EXECUTABLE = 2;

    /** {@code ET_DYN}: a library, or an executable that the kernel places anywhere. */
    public static final int TYPE_SHARED = 3;

    private static final int LARGEST_PIECE = 1 << 30;
    private static final int LOAD = 1;
    private static final int EXECUTABLE = 1;
    private static final int NO_BITS = 8;

    /**
     * A section.
     *
     * @param name its name
     * @param type {@code SHT_}
     * @param address where it lies in memory
     * @param offset where it lies in the file
     * @param size how many bytes
     * @param link the section it refers to
     */
    public record Section(String name, int type, long address, long offset, long size, int link) {}

    /**
     * A loaded segment.
     *
     * @param offset where it lies in the file
     * @param address where it lies in memory
     * @param size how many bytes of the file
     * @param executable whether it is code
     */
    public record Segment(long offset, long address, long size, boolean executable) {}

    private final Path path;
    private final FileChannel channel;
    private final long length;
    private boolean wide;
    private int type;
    private int machine;
    private final List<Section> sections = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();

    private ElfFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.length = channel.size();
    }

    /**
     * Opens a file and reads its headers.
     *
     * @param path which
     * @return the file, to be closed
     * @throws ElfException if it does not exist, is no ELF file of this byte order, or is damaged
     */
    public static ElfFile open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path);
            try {
                ElfFile elf = new ElfFile(path, channel);
                elf.readHeaders();
                return elf;
            } catch (RuntimeException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new ElfException(path, "there is no such file", null, e);
        } catch (IOException e) {
            throw new ElfException(path, "can't be read", e.toString(), e);
        }
    }

    private void readHeaders() {
        ByteBuffer ident = piece(0, Math.min(length, 64), "header");
        if (ident.remaining() < 52 || ident.getInt(0) != 0x464c457f) {
            boolean script = ident.remaining() > 2 && ident.get(0) == '#' && ident.get(1) == '!';
            throw damaged(
                    "not an ELF file",
                    script
                            ? "it is a script: probe its interpreter, "
                                    + firstLine().substring(2)
                            : null);
        }
        if (ident.get(5) != 1) {
            throw damaged("an ELF file of the other byte order", "it can't run on this machine");
        }
        wide = ident.get(4) == 2;
        type = ident.getShort(16);
        machine = ident.getShort(18) & 0xffff;
        if (wide && ident.remaining() < 64) {
            throw damaged("the ELF header is cut off", null);
        }
        long programHeaders = word(ident, 28, 32);
        long sectionHeaders = word(ident, 32, 40);
        int counts = wide ? 54 : 42;
        readSegments(programHeaders, ident.getShort(counts) & 0xffff, ident.getShort(counts + 2) & 0xffff);
        readSections(
                sectionHeaders,
                ident.getShort(counts + 4) & 0xffff,
                ident.getShort(counts + 6) & 0xffff,
                ident.getShort(counts + 8) & 0xffff);
    }

    private String firstLine() {
        ByteBuffer start = piece(0, Math.min(length, 256), "first line");
        return StandardCharsets.UTF_8
                .decode(start)
                .toString()
                .lines()
                .findFirst()
                .orElse("#!")
                .strip();
    }

    private void readSegments(long at, int size, int count) {
        if (count == 0) {
            return;
        }
        if (size < (wide ? 56 : 32)) {
            throw damaged("program headers of " + size + " bytes", null);
        }
        ByteBuffer headers = piece(at, (long) size * count, "program headers");
        for (int i = 0; i < count; i++) {
            ByteBuffer h = headers.slice(i * size, size).order(ByteOrder.LITTLE_ENDIAN);
            if (h.getInt(0) == LOAD) {
                boolean executable = (h.getInt(wide ? 4 : 24) & EXECUTABLE) != 0;
                segments.add(new Segment(word(h, 4, 8), word(h, 8, 16), word(h, 16, 32), executable));
            }
        }
    }

    private void readSections(long at, int size, int declared, int declaredNames) {
        if (at == 0) {
            return;
        }
        if (size < (wide ? 64 : 40)) {
            throw damaged("section headers of " + size + " bytes", null);
        }
        // Where the numbers don't fit into the header they are in the first section.
        ByteBuffer first = piece(at, size, "section headers");
        long count = declared == 0 ? word(first, 20, 32) : declared;
        long names = declaredNames == 0xffff ? first.getInt(wide ? 40 : 24) : declaredNames;
        if (count < 0 || count > length / size) {
            throw damaged(count + " sections in a file of " + length + " bytes", null);
        }
        ByteBuffer headers = piece(at, size * count, "section headers");
        List<Section> unnamed = new ArrayList<>();
        int[] nameAt = new int[(int) count];
        for (int i = 0; i < count; i++) {
            ByteBuffer h = headers.slice(i * size, size).order(ByteOrder.LITTLE_ENDIAN);
            nameAt[i] = h.getInt(0);
            unnamed.add(new Section(
                    "", h.getInt(4), word(h, 12, 16), word(h, 16, 24), word(h, 20, 32), h.getInt(wide ? 40 : 24)));
        }
        if (names <= 0 || names >= count) {
            sections.addAll(unnamed);
            return;
        }
        ByteBuffer strings = content(unnamed.get((int) names));
        for (int i = 0; i < count; i++) {
            Section s = unnamed.get(i);
            sections.add(
                    new Section(string(strings, nameAt[i]), s.type(), s.address(), s.offset(), s.size(), s.link()));
        }
    }

    private long word(ByteBuffer b, int narrowAt, int wideAt) {
        return wide ? b.getLong(wideAt) : Integer.toUnsignedLong(b.getInt(narrowAt));
    }

    /** A NUL-ended string of a string table; empty where the table has none. */
    static String string(ByteBuffer table, int at) {
        if (at < 0 || at >= table.limit()) {
            return "";
        }
        int end = at;
        while (end < table.limit() && table.get(end) != 0) {
            end++;
        }
        return new String(table.array(), table.arrayOffset() + at, end - at, StandardCharsets.UTF_8);
    }

    /**
     * A piece of the file.
     *
     * @param offset where it begins
     * @param size how many bytes
     * @param what what it is, for the message
     * @return its bytes, in a buffer of the file's byte order
     */
    public ByteBuffer piece(long offset, long size, String what) {
        if (offset < 0 || size < 0 || size > LARGEST_PIECE || offset > length || size > length - offset) {
            throw damaged(
                    "the " + what + " (" + Long.toUnsignedString(size) + " bytes at " + Long.toUnsignedString(offset)
                            + ") would not fit in the file's " + length + " bytes",
                    null);
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw damaged("it became shorter while it was read", null);
                }
            }
        } catch (ClosedByInterruptException e) {
            throw new ElfException(path, "reading was interrupted", null, e);
        } catch (IOException e) {
            throw new ElfException(path, "can't be read", e.toString(), e);
        }
        return buffer.flip();
    }

    /** This file, as not to be understood. */
    ElfException damaged(String why, String hint) {
        return new ElfException(path, why, hint, null);
    }

    /**
     * The content of a section.
     *
     * @param section which
     * @return its bytes; none if they are not in the file
     */
    public ByteBuffer content(Section section) {
        return section.type() == NO_BITS
                ? ByteBuffer.allocate(0)
                : piece(section.offset(), section.size(), "section " + section.name());
    }

    /**
     * A section by its name.
     *
     * @param name as {@code .text}
     * @return the first of that name
     */
    public Optional<Section> section(String name) {
        return sections.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /**
     * All sections, in the file's order.
     *
     * @return also those without content
     */
    public List<Section> sections() {
        return List.copyOf(sections);
    }

    /**
     * Where an address lies in the file.
     *
     * @param address of this file's own, before it is placed
     * @return the offset, empty if the file has nothing there
     */
    public OptionalLong offset(long address) {
        return segments.stream()
                .filter(s -> holds(s.address(), s.size(), address))
                .mapToLong(s -> address - s.address() + s.offset())
                .findFirst();
    }

    /**
     * Whether an offset of the file is loaded as code.
     *
     * @param offset bytes from the file's start
     * @return false if a probe there would never be reached
     */
    public boolean isCode(long offset) {
        return segments.stream().anyMatch(s -> s.executable() && holds(s.offset(), s.size(), offset));
    }

    private static boolean holds(long start, long size, long point) {
        return point >= start && point - start < size;
    }

    /**
     * Where the file lies.
     *
     * @return the path it was opened by
     */
    public Path path() {
        return path;
    }

    /**
     * The file's kind.
     *
     * @return {@code ET_}
     */
    public int type() {
        return type;
    }

    /**
     * The processor it is for.
     *
     * @return {@code EM_}
     */
    public int machine() {
        return machine;
    }

    /**
     * Whether it has 64-bit addresses.
     *
     * @return false for 32 bits
     */
    public boolean isWide() {
        return wide;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ElfException(path, "can't be closed", null, e);
        }
    }
}

package io.github.bcc4j.compile.child;

import io.github.bcc4j.compile.child.CText.Position;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets the BTF line information quote the user's own lines instead of libbcc's rewritten ones, by adding them to the BTF's strings.
 *
 * <p>Source: the kernel's Documentation/bpf/btf.rst, {@code struct btf_header} and {@code struct bpf_line_info}.
 */
final class LineRewriter {
    private static final int HEADER_LENGTH = 4;
    private static final int STRINGS_OFFSET = 16;
    private static final int STRINGS_LENGTH = 20;

    private final ByteBuffer btf;
    private final CText text;
    private final ByteArrayOutputStream added = new ByteArrayOutputStream();
    private final Map<Position, Integer> offsets = new HashMap<>();

    LineRewriter(byte[] btf, String fileName, String source) {
        this.btf = ByteBuffer.wrap(btf).order(ByteOrder.LITTLE_ENDIAN);
        this.text = new CText(source, fileName);
    }

    private boolean usable() {
        return btf.capacity() > 24 && stringsAt() + btf.getInt(STRINGS_LENGTH) == btf.capacity();
    }

    private int stringsAt() {
        return btf.getInt(HEADER_LENGTH) + btf.getInt(STRINGS_OFFSET);
    }

    /** Records of insn_off, file_name_off, line_off, line_col (line in its upper 22 bits). */
    byte[] rewrite(byte[] lineInfo, int recordSize) {
        if (recordSize < 16 || !usable()) {
            return lineInfo;
        }
        byte[] result = lineInfo.clone();
        ByteBuffer records = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + recordSize <= result.length; at += recordSize) {
            Position position = position(records, at);
            if (at == 0) {
                Position head = head(records, recordSize, position);
                if (!head.equals(position)) {
                    records.putInt(12, head.line() << 10);
                    position = head;
                }
            }
            if (text.at(position).isPresent()) {
                records.putInt(at + 8, offsets.computeIfAbsent(position, this::add));
            }
        }
        return result;
    }

    private Position position(ByteBuffer records, int at) {
        return new Position(string(records.getInt(at + 4)), records.getInt(at + 12) >>> 10);
    }

    /** The first record is of the function's head, which stands behind lines that libbcc puts before it: never after its body. */
    private Position head(ByteBuffer records, int recordSize, Position head) {
        int line = head.line();
        for (int at = recordSize; at + recordSize <= records.capacity(); at += recordSize) {
            Position p = position(records, at);
            line = p.file().equals(head.file()) && p.line() > 0 ? Math.min(line, p.line()) : line;
        }
        return new Position(head.file(), line);
    }

    private String string(int offset) {
        int start = stringsAt() + offset;
        int end = start;
        while (end < btf.capacity() && btf.get(end) != 0) {
            end++;
        }
        return new String(btf.array(), start, end - start, StandardCharsets.UTF_8);
    }

    private int add(Position position) {
        int offset = btf.getInt(STRINGS_LENGTH) + added.size();
        added.writeBytes(
                text.at(position).orElseThrow().strip().replace('\0', ' ').getBytes(StandardCharsets.UTF_8));
        added.write(0);
        return offset;
    }

    /** The BTF with the added strings. */
    byte[] btf() {
        if (added.size() == 0) {
            return btf.array();
        }
        ByteBuffer longer = ByteBuffer.allocate(btf.capacity() + added.size()).order(ByteOrder.LITTLE_ENDIAN);
        longer.put(btf.array()).put(added.toByteArray());
        longer.putInt(STRINGS_LENGTH, btf.getInt(STRINGS_LENGTH) + added.size());
        return longer.array();
    }
}

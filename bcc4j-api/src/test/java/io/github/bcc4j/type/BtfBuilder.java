package io.github.bcc4j.type;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes BTF by hand, so that tests need no compiler. Each method returns the new type's id. */
final class BtfBuilder {
    /** A member: of a bit-field bits is not 0. */
    record Member(String name, int type, int bitOffset, int bits) {
        static Member at(String name, int type, int offset) {
            return new Member(name, type, offset * 8, 0);
        }

        static Member bits(String name, int type, int bitOffset, int bits) {
            return new Member(name, type, bitOffset, bits);
        }
    }

    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private int count;

    BtfBuilder() {
        strings.write(0);
    }

    private int string(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        int at = strings.size();
        strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
        return at;
    }

    private int type(String name, int kind, boolean flag, int vlen, int sizeOrType, int... rest) {
        words(string(name), (flag ? 1 << 31 : 0) | kind << 24 | vlen, sizeOrType);
        words(rest);
        return ++count;
    }

    private void words(int... words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            buffer.putInt(word);
        }
        types.writeBytes(buffer.array());
    }

    int integer(String name, int size, boolean signed) {
        return type(name, 1, false, 0, size, (signed ? 1 << 24 : 0) | size * 8);
    }

    int bool() {
        return type("_Bool", 1, false, 0, 1, 4 << 24 | 8);
    }

    int pointer(int type) {
        return type("", 2, false, 0, type);
    }

    int array(int element, int elements) {
        return type("", 3, false, 0, 0, element, 1, elements);
    }

    int struct(String name, int size, Member... members) {
        return composite(4, name, size, members);
    }

    int union(String name, int size, Member... members) {
        return composite(5, name, size, members);
    }

    private int composite(int kind, String name, int size, Member... members) {
        boolean bitFields = false;
        for (Member m : members) {
            bitFields |= m.bits != 0;
        }
        int[] rest = new int[members.length * 3];
        for (int i = 0; i < members.length; i++) {
            rest[i * 3] = string(members[i].name);
            rest[i * 3 + 1] = members[i].type;
            rest[i * 3 + 2] = members[i].bits << 24 | members[i].bitOffset;
        }
        return type(name, kind, bitFields, members.length, size, rest);
    }

    int enumeration(String name, boolean signed, String constant, int value, String other, int otherValue) {
        return type(name, 6, signed, 2, 4, string(constant), value, string(other), otherValue);
    }

    int enum64(String name, String constant, long value) {
        return type(name, 19, false, 1, 8, string(constant), (int) value, (int) (value >>> 32));
    }

    int forward(String name) {
        return type(name, 7, false, 0, 0);
    }

    int typedef(String name, int type) {
        return type(name, 8, false, 0, type);
    }

    int qualified(int kind, int type) {
        return type("", kind, false, 0, type);
    }

    int function(String name, int prototype) {
        return type(name, 12, false, 0, prototype);
    }

    int prototype(int result, int parameter) {
        return type("", 13, false, 1, result, 0, parameter);
    }

    int variable(String name, int type) {
        return type(name, 14, false, 0, type, 1);
    }

    int section(String name, int variable) {
        return type(name, 15, false, 1, 8, variable, 0, 8);
    }

    int floating(String name, int size) {
        return type(name, 16, false, 0, size);
    }

    int tag(String name, int type) {
        return type(name, 17, false, 0, type, -1);
    }

    int typeTag(String name, int type) {
        return type(name, 18, false, 0, type);
    }

    byte[] bytes() {
        ByteBuffer buffer =
                ByteBuffer.allocate(24 + types.size() + strings.size()).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
        buffer.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
        return buffer.put(types.toByteArray()).put(strings.toByteArray()).array();
    }

    Btf build() {
        return Btf.parse(bytes());
    }
}

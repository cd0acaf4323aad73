package io.github.bcc4j.viz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a protobuf message by number; a number's bytes are its varint's. */
final class ProtobufFields {
    private ProtobufFields() {}

    static Map<Integer, List<byte[]>> of(byte[] message) {
        Map<Integer, List<byte[]>> fields = new TreeMap<>();
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long key = varint(in);
            byte[] value;
            if ((key & 7) == 2) {
                value = new byte[(int) varint(in)];
                in.get(value);
            } else if ((key & 7) == 0) {
                int start = in.position();
                varint(in);
                value = new byte[in.position() - start];
                in.get(start, value);
            } else {
                throw new AssertionError("unexpected wire type in " + key);
            }
            fields.computeIfAbsent((int) (key >>> 3), k -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    static long number(byte[] varint) {
        return varint(ByteBuffer.wrap(varint));
    }

    static List<Long> numbers(byte[] packed) {
        List<Long> numbers = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(packed);
        while (in.hasRemaining()) {
            numbers.add(varint(in));
        }
        return numbers;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        int shift = 0;
        byte b;
        do {
            b = in.get();
            value |= (b & 0x7fL) << shift;
            shift += 7;
        } while (b < 0);
        return value;
    }
}

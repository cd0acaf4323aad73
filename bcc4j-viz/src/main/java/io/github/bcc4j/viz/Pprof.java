package io.github.bcc4j.viz;

import io.github.bcc4j.viz.StackProfile.Function;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** pprof's profile.proto: a location and a function for each frame, numbered from 1; texts by number, of which 0 is the empty one. */
final class Pprof {
    /** Fields of the message Profile. */
    private static final int SAMPLE_TYPE = 1;

    private static final int SAMPLE = 2;
    private static final int LOCATION = 4;
    private static final int FUNCTION = 5;
    private static final int STRING_TABLE = 6;

    /** A protobuf message being written. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            raw((long) field << 3);
            raw(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            raw((long) field << 3 | 2);
            raw(value.length);
            bytes.writeBytes(value);
            return this;
        }

        Message message(int field, Message value) {
            return bytes(field, value.bytes.toByteArray());
        }

        Message raw(long value) {
            long left = value;
            for (; (left & ~0x7fL) != 0; left >>>= 7) {
                bytes.write((int) left & 0x7f | 0x80);
            }
            bytes.write((int) left);
            return this;
        }
    }

    private final Map<String, Integer> texts = new LinkedHashMap<>(Map.of("", 0));

    private Pprof() {}

    private int text(String text) {
        return texts.computeIfAbsent(text, t -> texts.size());
    }

    static byte[] bytes(StackProfile profile) {
        Message message = new Pprof().write(profile);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(file)) {
            message.bytes.writeTo(gzip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    private Message write(StackProfile profile) {
        Message out = new Message();
        boolean time = switch (profile.unit()) {
            case "ns", "us", "ms", "s" -> true;
            default -> false;
        };
        String type = time ? "time" : profile.unit().equals("bytes") ? "space" : profile.unit();
        String unit = time || profile.unit().equals("bytes") ? full(profile.unit()) : "count";
        out.message(SAMPLE_TYPE, new Message().varint(1, text(type)).varint(2, text(unit)));
        StackTree tree = profile.tree();
        for (int node = 0; node < tree.size(); node++) {
            if (tree.value(0, node) > 0) {
                Message locations = new Message();
                for (int at = node; at != 0; at = tree.parent(at)) { // the innermost first
                    locations.raw(tree.frame(at) + 1);
                }
                out.message(
                        SAMPLE, new Message().message(1, locations).message(2, new Message().raw(tree.value(0, node))));
            }
        }
        int id = 0;
        for (Function function : profile.functions()) {
            id++;
            out.message(LOCATION, new Message().varint(1, id).message(4, new Message().varint(1, id)));
            out.message(
                    FUNCTION,
                    new Message()
                            .varint(1, id)
                            .varint(2, text(function.name()))
                            .varint(3, text(function.name()))
                            .varint(4, text(function.module())));
        }
        texts.keySet().forEach(text -> out.bytes(STRING_TABLE, text.getBytes(StandardCharsets.UTF_8)));
        return out;
    }

    private static String full(String unit) {
        return switch (unit) {
            case "ns" -> "nanoseconds";
            case "us" -> "microseconds";
            case "ms" -> "milliseconds";
            case "s" -> "seconds";
            default -> unit;
        };
    }
}

package io.github.bcc4j.compile.child;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The binary form of requests, responses and modules: a magic word and a format version, the parts, two checksums (CRC-32 and
 * CRC-32C) over all of it. Whatever is cut, foreign or damaged is refused before anything is taken from it. They are no seal: who may
 * write the file may write another one.
 */
public final class Wire {
    private static final int MAGIC = 0x62636334; // "bcc4"
    private static final int CHECKSUMS = 8;

    /** No file of the compile room is longer, in bytes. */
    public static final int LONGEST = 64 << 20;

    private Wire() {}

    /**
     * Reads a file.
     *
     * @param file which
     * @param what the same in words, for messages
     * @return its bytes
     * @throws IOException if it can't be read
     * @throws IllegalArgumentException if it is longer than any that was written by this class
     */
    public static byte[] load(Path file, String what) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new IllegalArgumentException("not a " + what + ": it has " + Files.size(file) + " bytes");
        }
        return Files.readAllBytes(file);
    }

    /** Writes parts one after the other. */
    public static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        /**
         * Begins a file.
         *
         * @param kind what it is and in which version
         */
        public Writer(int kind) {
            number(MAGIC).number(kind);
        }

        /**
         * Writes a number.
         *
         * @param value any
         * @return this
         */
        public Writer number(int value) {
            try {
                out.writeInt(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        /**
         * Writes bytes, their length first.
         *
         * @param value any
         * @return this
         */
        public Writer bytes(byte[] value) {
            number(value.length);
            bytes.writeBytes(value);
            return this;
        }

        /**
         * Writes a text in UTF-8.
         *
         * @param value any
         * @return this
         */
        public Writer text(String value) {
            return bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Writes a list, its length first.
         *
         * @param values the elements
         * @param each writes one
         * @param <T> the element type
         * @return this
         */
        public <T> Writer list(List<T> values, BiConsumer<Writer, T> each) {
            number(values.size());
            values.forEach(v -> each.accept(this, v));
            return this;
        }

        /**
         * Ends the file.
         *
         * @return all of it
         */
        public byte[] finish() {
            long sums = checksums(bytes.toByteArray(), bytes.size());
            number((int) (sums >>> 32)).number((int) sums);
            return bytes.toByteArray();
        }
    }

    /** Reads what a {@link Writer} wrote. Every method throws {@link IllegalArgumentException} for a file that is not as it should be. */
    public static final class Reader {
        private final DataInputStream in;
        private final String what;

        /**
         * Opens a file and checks all of it.
         *
         * @param file its bytes
         * @param kind what it should be
         * @param what the same in words, for messages
         */
        public Reader(byte[] file, int kind, String what) {
            this.what = what;
            int length = file.length - CHECKSUMS;
            if (length < 8) {
                throw bad("it has only " + file.length + " bytes");
            }
            this.in = new DataInputStream(new ByteArrayInputStream(file, 0, length));
            if (number() != MAGIC || number() != kind) {
                throw bad("it is something else, or of another version of bcc4j");
            }
            if (checksums(file, length) != ByteBuffer.wrap(file).getLong(length)) {
                throw bad("its checksum is wrong: it was cut or altered");
            }
        }

        private IllegalArgumentException bad(String why) {
            return new IllegalArgumentException("not a " + what + ": " + why);
        }

        /**
         * Reads a number.
         *
         * @return it
         */
        public int number() {
            try {
                return in.readInt();
            } catch (IOException e) {
                throw bad("it ends too early");
            }
        }

        /**
         * Reads bytes.
         *
         * @return them
         */
        public byte[] bytes() {
            int length = number();
            try {
                if (length < 0 || length > LONGEST || length > in.available()) {
                    throw bad("a part says it has " + length + " bytes");
                }
                return in.readNBytes(length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /**
         * Reads one of a number of choices.
         *
         * @param choices all of them, in the order of their numbers
         * @param <T> their type
         * @return the one
         */
        public <T> T choice(T[] choices) {
            int number = number();
            if (number < 0 || number >= choices.length) {
                throw bad("it has a choice of " + number + " out of " + choices.length);
            }
            return choices[number];
        }

        /**
         * Ends the reading.
         *
         * @param value what was read
         * @param <T> its type
         * @return the value, if the file has nothing left
         */
        public <T> T end(T value) {
            try {
                if (in.available() > 0) {
                    throw bad("it has " + in.available() + " bytes too many");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return value;
        }

        /**
         * Reads a text.
         *
         * @return it
         */
        public String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        /**
         * Reads a list.
         *
         * @param each reads one element
         * @param <T> the element type
         * @return the elements
         */
        public <T> List<T> list(Function<Reader, T> each) {
            int size = number();
            List<T> list = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                list.add(each.apply(this)); // a size that lies ends with "too early"
            }
            return list;
        }
    }

    private static long checksums(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        CRC32C castagnoli = new CRC32C();
        castagnoli.update(bytes, 0, length);
        return crc.getValue() << 32 | castagnoli.getValue();
    }
}

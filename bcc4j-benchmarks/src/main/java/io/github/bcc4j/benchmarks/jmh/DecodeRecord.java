package io.github.bcc4j.benchmarks.jmh;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.Layout;
import io.github.bcc4j.type.Unsigned;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Makes a record of the bytes of an event: numbers only, and with a text. */
public class DecodeRecord extends Micro {
    private static final Layout U64 = new Layout.Int("u64", 8, false, false);
    private static final Layout U32 = new Layout.Int("u32", 4, false, false);
    private static final Layout CHAR = new Layout.Int("char", 1, true, false);
    private static final Layout.Struct LAYOUT = new Layout.Struct(
            "struct event",
            40,
            List.of(
                    new Layout.Member("ns", 0, 0, U64),
                    new Layout.Member("bytes", 64, 0, U64),
                    new Layout.Member("pid", 128, 0, U32),
                    new Layout.Member("tid", 160, 0, U32),
                    new Layout.Member("comm", 192, 0, new Layout.Array(CHAR, 16))),
            false);

    /**
     * The numbers of the event.
     *
     * @param ns 8 bytes
     * @param bytes 8 bytes
     * @param pid 4 bytes
     * @param tid 4 bytes
     */
    public record Numbers(
            long ns,
            long bytes,
            @Unsigned int pid,
            @Unsigned int tid) {}

    /**
     * The numbers and the text of the event.
     *
     * @param ns 8 bytes
     * @param bytes 8 bytes
     * @param pid 4 bytes
     * @param tid 4 bytes
     * @param comm 16 bytes
     */
    public record Whole(
            long ns,
            long bytes,
            @Unsigned int pid,
            @Unsigned int tid,
            String comm) {}

    private final MemorySegment memory = Arena.ofAuto().allocate(40, 8);
    private Codec<Numbers> numbers;
    private Codec<Whole> whole;

    /** For JMH. */
    public DecodeRecord() {}

    /** Fills the event. */
    @Setup
    public void fill() {
        numbers = Codecs.bind(
                Numbers.class,
                new Layout.Struct("struct event", 24, LAYOUT.members().subList(0, 4), false),
                "event");
        whole = Codecs.bind(Whole.class, LAYOUT, "event");
        memory.set(JAVA_LONG, 0, 123_456_789L);
        memory.set(JAVA_LONG, 8, 4096L);
        memory.set(JAVA_INT, 16, 4711);
        memory.set(JAVA_INT, 20, 4712);
        memory.setString(24, "java");
    }

    /**
     * Four numbers.
     *
     * @return the record
     */
    @Benchmark
    public Numbers numbers() {
        return numbers.read(memory, 0);
    }

    /**
     * Four numbers and a text.
     *
     * @return the record
     */
    @Benchmark
    public Whole whole() {
        return whole.read(memory, 0);
    }
}

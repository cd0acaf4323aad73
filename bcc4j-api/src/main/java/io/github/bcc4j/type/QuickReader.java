package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Method handles that read as codecs do. The JIT makes one piece of code of such a handle: nothing is boxed, nothing is looked up. */
final class QuickReader {
    /** A handle has 255 slots, and each part of a record takes three of them: a segment and an offset. */
    private static final int MOST_PARTS = 80;

    private static final MethodType READ = MethodType.methodType(Object.class, MemorySegment.class, long.class);
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private QuickReader() {}

    /** What is read as a type at an offset from where the whole is. */
    record Part(Codec<?> codec, Class<?> type, long offset) {}

    /** A codec whose reading is made of parts. */
    interface Composed {
        /** A handle {@code (MemorySegment, long) -> T}. */
        MethodHandle reader() throws ReflectiveOperationException;
    }

    static MethodHandle of(Codec<?> codec) throws ReflectiveOperationException {
        return codec instanceof Composed composed ? composed.reader() : reading(codec);
    }

    /** A codec's own way to read, as a handle. */
    static MethodHandle reading(Codec<?> codec) throws ReflectiveOperationException {
        return LOOKUP.findVirtual(Codec.class, "read", READ).bindTo(codec);
    }

    /** A handle that reads all parts and gives what a constructor makes of them; null if they are too many. */
    static MethodHandle compose(MethodHandle constructor, Part... parts) throws ReflectiveOperationException {
        if (parts.length > MOST_PARTS) {
            return null;
        }
        MethodHandle plus =
                LOOKUP.findStatic(QuickReader.class, "plus", MethodType.methodType(long.class, long.class, long.class));
        MethodHandle all = constructor;
        int[] order = new int[parts.length * 2];
        for (int i = 0; i < parts.length; i++) {
            MethodHandle reader = of(parts[i].codec);
            reader = reader.asType(reader.type().changeReturnType(parts[i].type));
            MethodHandle there = MethodHandles.insertArguments(plus, 1, parts[i].offset);
            all = MethodHandles.collectArguments(all, i * 2, MethodHandles.filterArguments(reader, 1, there));
            order[i * 2 + 1] = 1;
        }
        MethodType type = MethodType.methodType(constructor.type().returnType(), MemorySegment.class, long.class);
        return MethodHandles.permuteArguments(all, type, order);
    }

    private static long plus(long offset, long more) {
        return offset + more;
    }
}

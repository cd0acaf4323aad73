package io.github.bcc4j.event;

import java.lang.constant.ConstantDescs;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * What a loop that was made for one kind of handlers knows of them: constants for the JIT, as they are the data of its class.
 *
 * @param reader reads an event, {@code (MemorySegment, long) -> Object}; null for bytes
 * @param size bytes of an event, to take a slice of: the JIT knows then that all members lie within
 * @param alsoCpu whether handlers are {@link EventHandler}s, or else consumers
 */
record Shape(MethodHandle reader, long size, boolean alsoCpu) {
    static final Shape BYTES = new Shape(null, 0, false);

    /** That of a class; a class that was not made for any handlers gets bytes. */
    static Shape of(MethodHandles.Lookup lookup) {
        try {
            Shape shape = MethodHandles.classData(lookup, ConstantDescs.DEFAULT_NAME, Shape.class);
            return shape == null ? BYTES : shape;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether an event of so many bytes can be read here; if not, the decoder knows what to say. */
    boolean reads(int bytes) {
        return reader != null && bytes >= size;
    }

    Object read(MemorySegment memory, long offset) throws Throwable {
        return (Object) reader.invokeExact(memory.asSlice(offset, size), 0L);
    }

    /** Throws what handlers and constructors of records have thrown, as it is. */
    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException thrown(Throwable t) throws T {
        throw (T) t;
    }
}

package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A record for a struct or union: one codec for each component, one method handle for the constructor. */
final class RecordCodec implements Codec<Object> {
    /** A component at its place; bits is 0 but for a bit-field. */
    private record Part(
            Codec<Object> codec, long bitOffset, int bits, boolean signed, MethodHandle accessor, Class<?> type) {
        Object read(MemorySegment memory, long offset) {
            if (bits == 0) {
                return codec.read(memory, offset + bitOffset / 8);
            }
            long value = Scalars.readBits(memory, offset * 8 + bitOffset, bits, signed);
            return type == boolean.class
                    ? (Object) (value != 0)
                    : Binder.boxer(type).apply(value);
        }

        void write(MemorySegment memory, long offset, Object value) {
            if (bits == 0) {
                codec.write(memory, offset + bitOffset / 8, value);
            } else {
                long number = value instanceof Boolean b ? b ? 1 : 0 : ((Number) value).longValue();
                Scalars.writeBits(memory, offset * 8 + bitOffset, bits, number);
            }
        }
    }

    private final Layout.Struct layout;
    private final MethodHandle constructor;
    private final Part[] parts;

    private RecordCodec(Layout.Struct layout, MethodHandle constructor, Part[] parts) {
        this.layout = layout;
        this.constructor = constructor;
        this.parts = parts;
    }

    static Codec<?> bind(Class<?> type, Layout.Struct layout, Binder binder, String where) {
        List<Part> parts = new ArrayList<>();
        RecordComponent[] components = type.getRecordComponents();
        try {
            for (RecordComponent c : components) {
                Part part = part(c, layout, binder);
                if (part != null) {
                    parts.add(part);
                }
            }
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            MethodHandle handle = MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asSpreader(Object[].class, components.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
            return parts.size() < components.length
                    ? null
                    : new RecordCodec(layout, handle, parts.toArray(Part[]::new));
        } catch (InaccessibleObjectException e) {
            return binder.problem(where + ": module " + type.getModule().getName() + " does not let bcc4j make a "
                    + type.getSimpleName() + ": opens " + type.getPackageName() + " to io.github.bcc4j;");
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("a record has its canonical constructor", e);
        }
    }

    private static Part part(RecordComponent c, Layout.Struct layout, Binder binder) throws IllegalAccessException {
        String name = c.getName();
        Optional<Layout.Member> found = layout.member(name);
        if (found.isEmpty()) {
            String members =
                    layout.flattened().stream().map(Layout.Member::name).collect(Collectors.joining(", "));
            binder.problem(name + ": " + layout.name() + " has no such member; it has " + members);
            return null;
        }
        Layout.Member m = found.get();
        CType restated = c.getAnnotation(CType.class);
        if (restated != null
                && !restated.value().replace(" ", "").equals(m.type().name().replace(" ", ""))) {
            binder.problem(name + ": @CType says " + restated.value() + ", C says "
                    + m.type().name());
            return null;
        }
        boolean unsigned = c.isAnnotationPresent(Unsigned.class);
        c.getAccessor().setAccessible(true);
        MethodHandle accessor = MethodHandles.lookup()
                .unreflect(c.getAccessor())
                .asType(MethodType.methodType(Object.class, Object.class));
        if (m.bitSize() > 0) {
            return bitField(c, m, binder, accessor);
        }
        Codec<?> codec = binder.bind(c.getType(), m.type(), unsigned, false, name);
        return codec == null ? null : new Part(Binder.cast(codec), m.bitOffset(), 0, false, accessor, c.getType());
    }

    private static Part bitField(RecordComponent c, Layout.Member m, Binder binder, MethodHandle accessor) {
        Class<?> type = c.getType();
        boolean signed = m.type().resolved() instanceof Layout.Int i && i.signed();
        int room = type == boolean.class
                ? 1
                : type == byte.class
                        ? 8
                        : type == short.class ? 16 : type == int.class ? 32 : type == long.class ? 64 : 0;
        int needed = m.bitSize() + (signed || room == 64 || room == 1 || c.isAnnotationPresent(Unsigned.class) ? 0 : 1);
        if (needed > room) {
            binder.problem(c.getName() + ": a bit-field of " + m.bitSize() + " bits can't be " + type.getSimpleName()
                    + " in Java");
            return null;
        }
        return new Part(null, m.bitOffset(), m.bitSize(), signed, accessor, type);
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public Object read(MemorySegment memory, long offset) {
        Object[] values = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            values[i] = parts[i].read(memory, offset);
        }
        try {
            return (Object) constructor.invokeExact(values);
        } catch (RuntimeException | Error e) {
            throw e; // of the record's own constructor
        } catch (Throwable t) {
            throw new IllegalStateException("the constructor of a record for " + layout.name() + " failed", t);
        }
    }

    @Override
    public void write(MemorySegment memory, long offset, Object value) {
        for (Part part : parts) {
            Object component;
            try {
                component = (Object) part.accessor.invokeExact(value);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable t) {
                throw new IllegalStateException("an accessor of a record for " + layout.name() + " failed", t);
            }
            if (component != null) {
                part.write(memory, offset, component);
            } else if (!layout.union()) {
                throw new NullPointerException("a component of a record for " + layout.name() + " is null");
            }
        }
    }

    @Override
    public String toString() {
        return layout.name();
    }
}

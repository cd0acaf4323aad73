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
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A record for a struct or union: one codec for each component, one method handle for the constructor. The handle composed of all
 * parts, {@link #reader()}, decodes in a fraction of the time, but takes tens of milliseconds to make: as long as a warm start.
 */
final class RecordCodec implements Codec<Object>, QuickReader.Composed {
    private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);

    /** A component at its place. */
    private record Part(String name, Class<?> type, Codec<Object> codec, long offset, MethodHandle accessor) {}

    private final Layout layout;
    private final boolean union;
    private final MethodHandle constructor;
    private final MethodHandle spreading;
    private final Part[] parts;

    private RecordCodec(Layout layout, boolean union, MethodHandle constructor, List<Part> parts) {
        this.layout = layout;
        this.union = union;
        this.constructor = constructor;
        this.spreading = constructor
                .asSpreader(Object[].class, parts.size())
                .asType(MethodType.methodType(Object.class, Object[].class));
        this.parts = parts.toArray(Part[]::new);
    }

    static Codec<?> bind(Class<?> type, Layout.Struct layout, Binder binder, Spot spot) {
        List<Part> parts = new ArrayList<>();
        RecordComponent[] components = type.getRecordComponents();
        try {
            for (RecordComponent c : components) {
                part(c, layout, binder, spot).ifPresent(parts::add);
            }
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            MethodHandle handle =
                    MethodHandles.lookup().unreflectConstructor(constructor).asFixedArity();
            return parts.size() < components.length
                    ? null
                    : new RecordCodec(spot.layout(), layout.union(), handle, parts);
        } catch (InaccessibleObjectException e) {
            return binder.problem(
                    spot,
                    "module " + type.getModule().getName() + " does not let bcc4j make a " + type.getSimpleName()
                            + ": opens " + type.getPackageName() + " to io.github.bcc4j;");
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("a record has its canonical constructor", e);
        }
    }

    private static Optional<Part> part(RecordComponent c, Layout.Struct layout, Binder binder, Spot outer)
            throws IllegalAccessException {
        String path = outer.path().isEmpty() ? c.getName() : outer.path() + "." + c.getName();
        Optional<Layout.Member> found = layout.member(c.getName());
        Layout.Member m = found.orElse(new Layout.Member("", 0, 0, layout));
        Spot spot = new Spot(
                m.type(),
                m.bitSize() > 0 ? (int) (m.bitOffset() % 8) : 0,
                m.bitSize(),
                c.isAnnotationPresent(Unsigned.class),
                c.isAnnotationPresent(Ordinal.class),
                false,
                path,
                outer.what());
        if (found.isEmpty()) {
            String members =
                    layout.flattened().stream().map(Layout.Member::name).collect(Collectors.joining(", "));
            binder.problem(spot, layout.name() + " has no such member; it has " + members);
            return Optional.empty();
        }
        CType restated = c.getAnnotation(CType.class);
        if (restated != null && !isCalled(m.type(), restated.value())) {
            binder.problem(
                    spot,
                    "@CType says " + restated.value() + ", C says " + m.type().name());
            return Optional.empty();
        }
        c.getAccessor().setAccessible(true);
        MethodHandle accessor =
                MethodHandles.lookup().unreflect(c.getAccessor()).asType(ACCESSOR);
        return Optional.ofNullable(binder.find(c.getGenericType(), spot))
                .map(codec -> new Part(c.getName(), c.getType(), codec, m.offset(), accessor));
    }

    /** Whether a name is that of a type, or of what it is a typedef of. */
    private static boolean isCalled(Layout layout, String name) {
        return layout.name().replace(" ", "").equals(name.replace(" ", ""))
                || layout instanceof Layout.Typedef t && isCalled(t.target(), name);
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public Object read(MemorySegment memory, long offset) {
        Object[] values = new Object[parts.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = parts[i].codec.read(memory, offset + parts[i].offset);
        }
        try {
            return (Object) spreading.invokeExact(values);
        } catch (Throwable t) {
            throw rethrown(t);
        }
    }

    @Override
    public MethodHandle reader() throws ReflectiveOperationException {
        MethodHandle composed = QuickReader.compose(
                constructor,
                Arrays.stream(parts)
                        .map(p -> new QuickReader.Part(p.codec, p.type, p.offset))
                        .toArray(QuickReader.Part[]::new));
        return composed != null ? composed : QuickReader.reading(this);
    }

    @Override
    public void write(MemorySegment memory, long offset, Object value) {
        Objects.requireNonNull(value, layout.name());
        for (Part part : parts) {
            Object component;
            try {
                component = (Object) part.accessor.invokeExact(value);
            } catch (Throwable t) {
                throw rethrown(t);
            }
            if (component != null) {
                part.codec.write(memory, offset + part.offset, component);
            } else if (!union) {
                throw new NullPointerException(
                        part.name + " of " + value.getClass().getSimpleName() + " for " + layout.name() + " is null");
            }
        }
    }

    /** What a record's own constructor or accessor threw; neither can declare a checked exception. */
    private static RuntimeException rethrown(Throwable t) {
        if (t instanceof Error e) {
            throw e;
        }
        return t instanceof RuntimeException e ? e : new IllegalStateException(t);
    }

    @Override
    public String toString() {
        return layout.name();
    }
}

package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Codecs for arrays, as Java arrays or lists, of exactly as many elements. */
final class Sequences {
    /** Java types that lie in memory as C's of the same size do. */
    private static final Map<Class<?>, ValueLayout> SAME = Map.of(
            short.class,
            ValueLayout.JAVA_SHORT_UNALIGNED,
            int.class,
            ValueLayout.JAVA_INT_UNALIGNED,
            long.class,
            ValueLayout.JAVA_LONG_UNALIGNED,
            float.class,
            ValueLayout.JAVA_FLOAT_UNALIGNED,
            double.class,
            ValueLayout.JAVA_DOUBLE_UNALIGNED);

    private Sequences() {}

    static Codec<?> array(Class<?> type, Layout.Array layout, Spot spot, Binder binder) {
        Class<?> component = type.getComponentType();
        Codec<Object> element = binder.find(component, spot.element(layout.element()));
        if (element == null) {
            return null;
        }
        int count = layout.count();
        ValueLayout same = SAME.get(component);
        if (same != null && same.byteSize() == layout.element().size()) {
            return Binder.codec(
                    spot.layout(),
                    (m, o) -> {
                        Object array = Array.newInstance(component, count);
                        MemorySegment.copy(m, same, o, array, 0, count);
                        return array;
                    },
                    (m, o, v) -> {
                        check(Array.getLength(v), count, spot);
                        MemorySegment.copy(v, 0, m, same, o, count);
                    });
        }
        long stride = layout.element().size();
        return Binder.codec(
                spot.layout(),
                (m, o) -> {
                    Object array = Array.newInstance(component, count);
                    for (int i = 0; i < count; i++) {
                        Object value = element.read(m, o + i * stride);
                        if (array instanceof Object[] objects) {
                            objects[i] = value;
                        } else {
                            Array.set(array, i, value);
                        }
                    }
                    return array;
                },
                (m, o, v) -> {
                    check(Array.getLength(v), count, spot);
                    for (int i = 0; i < count; i++) {
                        element.write(m, o + i * stride, Array.get(v, i));
                    }
                });
    }

    static Codec<?> list(Type elementType, Layout.Array layout, Spot spot, Binder binder) {
        Codec<Object> element = binder.find(elementType, spot.element(layout.element()));
        return element == null ? null : list(element, layout, spot);
    }

    static Codec<?> list(Codec<Object> element, Layout.Array layout, Spot spot) {
        long stride = layout.element().size();
        return Binder.<List<?>>codec(
                spot.layout(),
                (m, o) -> {
                    List<Object> list = new ArrayList<>(layout.count());
                    for (int i = 0; i < layout.count(); i++) {
                        list.add(element.read(m, o + i * stride));
                    }
                    return Collections.unmodifiableList(list);
                },
                (m, o, v) -> {
                    check(v.size(), layout.count(), spot);
                    int i = 0;
                    for (Object value : v) {
                        element.write(m, o + i++ * stride, value);
                    }
                });
    }

    private static void check(int length, int count, Spot spot) {
        if (length != count) {
            throw new IllegalArgumentException(spot.where() + ": " + length + " elements for " + spot.type());
        }
    }
}

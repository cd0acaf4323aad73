package io.github.bcc4j.table;

import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;

/** A table's entries, keys and values as collections. Their streams do not ask for the size: it changes meanwhile. */
final class TableViews {
    private TableViews() {}

    private static <T> Spliterator<T> unsized(Iterator<T> iterator) {
        return Spliterators.spliteratorUnknownSize(iterator, 0);
    }

    private static <A, B> Iterator<B> mapped(Iterator<A> from, Function<A, B> function) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return from.hasNext();
            }

            @Override
            public B next() {
                return function.apply(from.next());
            }

            @Override
            public void remove() {
                from.remove();
            }
        };
    }

    static final class Entries<K, V> extends AbstractSet<Map.Entry<K, V>> {
        private final BpfTable<K, V> table;

        Entries(BpfTable<K, V> table) {
            this.table = table;
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            return table.entries();
        }

        @Override
        public Spliterator<Map.Entry<K, V>> spliterator() {
            return unsized(iterator());
        }

        @Override
        public int size() {
            return table.size();
        }

        @Override
        public boolean contains(Object o) {
            return o instanceof Map.Entry<?, ?> e
                    && e.getValue() != null
                    && e.getValue().equals(table.get(e.getKey()));
        }

        @Override
        public void clear() {
            table.clear();
        }
    }

    static final class Keys<K, V> extends AbstractSet<K> {
        private final BpfTable<K, V> table;

        Keys(BpfTable<K, V> table) {
            this.table = table;
        }

        @Override
        public Iterator<K> iterator() {
            return mapped(table.entries(), Map.Entry::getKey);
        }

        @Override
        public Spliterator<K> spliterator() {
            return unsized(iterator());
        }

        @Override
        public int size() {
            return table.size();
        }

        @Override
        public boolean contains(Object key) {
            return table.containsKey(key);
        }

        @Override
        public boolean remove(Object key) {
            return table.remove(key) != null;
        }

        @Override
        public void clear() {
            table.clear();
        }
    }

    static final class Values<K, V> extends AbstractCollection<V> {
        private final BpfTable<K, V> table;

        Values(BpfTable<K, V> table) {
            this.table = table;
        }

        @Override
        public Iterator<V> iterator() {
            return mapped(table.entries(), Map.Entry::getValue);
        }

        @Override
        public Spliterator<V> spliterator() {
            return unsized(iterator());
        }

        @Override
        public int size() {
            return table.size();
        }

        @Override
        public void clear() {
            table.clear();
        }
    }

    static final class Reduced<K, V, R> extends AbstractMap<K, R> {
        private final BpfTable<K, V> table;
        private final Function<? super V, ? extends R> change;

        Reduced(BpfTable<K, V> table, Function<? super V, ? extends R> change) {
            this.table = table;
            this.change = change;
        }

        @Override
        public R get(Object key) {
            V value = table.get(key);
            return value == null ? null : change.apply(value);
        }

        @Override
        public boolean containsKey(Object key) {
            return table.containsKey(key);
        }

        @Override
        public Set<Map.Entry<K, R>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Map.Entry<K, R>> iterator() {
                    Iterator<Map.Entry<K, V>> entries =
                            table.snapshot().entries().entrySet().iterator();
                    return mapped(entries, e -> Map.entry(e.getKey(), change.apply(e.getValue())));
                }

                @Override
                public int size() {
                    return table.size();
                }
            };
        }
    }

    static final class Elements<V> extends AbstractList<V> implements RandomAccess {
        private final BpfArray<V> array;

        Elements(BpfArray<V> array) {
            this.array = array;
        }

        @Override
        public V get(int index) {
            return array.get(index);
        }

        @Override
        public V set(int index, V value) {
            V before = array.get(index);
            array.set(index, value);
            return before;
        }

        @Override
        public int size() {
            return array.size();
        }

        /** By batches, not by index. */
        @Override
        public Iterator<V> iterator() {
            return array.values().iterator();
        }
    }
}

package io.github.bcc4j.junit;

import io.github.bcc4j.BPF;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter of an experiment that is a table of its C text, by the type it is declared with:
 *
 * <ul>
 *   <li>{@code BpfHash<K, V>}, or {@code Map<K, V>}: a hash; {@code BpfHash<K, List<V>>} a per-CPU hash; {@code BpfHash<Cidr, V>} a trie
 *   <li>{@code BpfArray<V>}: an array; {@code BpfArray<List<V>>} a per-CPU array
 *   <li>{@code BpfHistogram<Void>}, or {@code BpfHistogram<K>} with a key
 *   <li>{@code BpfTable<?, ?>}: a table without Java types
 *   <li>{@code BpfQueue<V>}: a queue or stack
 *   <li>{@code BpfStackTraces}
 * </ul>
 *
 * <p>The Java types are checked as those methods of {@link BPF} do. Tables of other kinds are had from {@link BPF} itself.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Table {
    /**
     * The table's name.
     *
     * @return as in the C text
     */
    String value();
}

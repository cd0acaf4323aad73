package io.github.bcc4j.table;

import java.util.Map;

/**
 * The entries of a table as they were read.
 *
 * @param entries by key, in the kernel's order
 * @param complete whether the kernel said that these are all; entries that others added or deleted meanwhile may be missing or left in
 *     even so
 * @param <K> the key type
 * @param <V> the value type
 */
public record Snapshot<K, V>(Map<K, V> entries, boolean complete) {}

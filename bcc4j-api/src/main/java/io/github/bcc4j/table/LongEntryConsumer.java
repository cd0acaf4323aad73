package io.github.bcc4j.table;

/** Takes the entries of a table of numbers, without an object for any. */
@FunctionalInterface
public interface LongEntryConsumer {
    /**
     * Takes an entry.
     *
     * @param key the key; an unsigned one of 64 bits may be negative here
     * @param value the value, likewise
     */
    void accept(long key, long value);
}

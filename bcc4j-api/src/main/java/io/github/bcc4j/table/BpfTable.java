package io.github.bcc4j.table;

/** To come. */
public final class BpfTable {
    private BpfTable() {}
}

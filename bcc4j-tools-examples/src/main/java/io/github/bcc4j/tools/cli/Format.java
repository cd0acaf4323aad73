package io.github.bcc4j.tools.cli;

/** How a tool writes what it found. */
public enum Format {
    /** Columns, histograms and stacks for people. */
    TEXT,
    /** A JSON object a line (RFC 8259). */
    JSON,
    /** Comma-separated values with a line of names (RFC 4180). */
    CSV
}

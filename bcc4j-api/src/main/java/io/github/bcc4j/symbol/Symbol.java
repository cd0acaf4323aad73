package io.github.bcc4j.symbol;

import java.util.Objects;

/**
 * A place in a function.
 *
 * @param name the function
 * @param offset bytes from its start
 * @param module where it is: a kernel module, {@code bpf} for a program that the kernel compiled, the file of a process; empty for
 *     the kernel proper
 */
public record Symbol(String name, long offset, String module) {
    /** Checks the parts. */
    public Symbol {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(module, "module");
    }

    /** Returns {@code vfs_read+0x1f}, or {@code ext4_sync_file+0x0 [ext4]}. */
    @Override
    public String toString() {
        return name + "+0x" + Long.toHexString(offset) + (module.isEmpty() ? "" : " [" + module + ']');
    }
}

package io.github.bcc4j.benchmarks.jmh;

import io.github.bcc4j.symbol.KernelSymbols;
import io.github.bcc4j.symbol.Symbol;
import java.util.OptionalLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Names an address of the kernel, and finds the address of a name. */
public class KernelSymbol extends Micro {
    private long address;

    /** For JMH. */
    public KernelSymbol() {}

    /** Reads the kernel's symbols. */
    @Setup
    public void load() {
        address = KernelSymbols.current().address("vfs_read").orElseThrow() + 1;
    }

    /**
     * The function at an address.
     *
     * @return {@code vfs_read+0x1}
     */
    @Benchmark
    public Symbol resolve() {
        return KernelSymbols.current().resolve(address).orElseThrow();
    }

    /**
     * The address of a function.
     *
     * @return where it begins
     */
    @Benchmark
    public OptionalLong address() {
        return KernelSymbols.current().address("vfs_read");
    }
}

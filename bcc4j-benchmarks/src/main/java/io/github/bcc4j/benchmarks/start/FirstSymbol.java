package io.github.bcc4j.benchmarks.start;

import io.github.bcc4j.symbol.KernelSymbols;
import io.github.bcc4j.symbol.Symbol;
import java.io.IOException;

/** Looks up one kernel symbol in a new process. */
public final class FirstSymbol {
    private FirstSymbol() {}

    /**
     * Says how long it took, and ends with its input.
     *
     * @param args an address, in hexadecimal
     * @throws IOException if the input fails
     */
    public static void main(String[] args) throws IOException {
        long address = Long.parseUnsignedLong(args[0], 16);
        long before = System.nanoTime();
        Symbol symbol = KernelSymbols.current().resolve(address + 1).orElseThrow();
        long took = System.nanoTime() - before;
        System.out.println("first=" + took + " offset:" + symbol.offset());
        while (System.in.read() >= 0) {}
    }
}

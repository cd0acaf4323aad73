package io.github.bcc4j.benchmarks;

import io.github.bcc4j.benchmarks.start.FirstRead;
import io.github.bcc4j.benchmarks.start.FirstSymbol;
import io.github.bcc4j.symbol.KernelSymbols;
import java.util.function.Function;

/**
 * What is started anew each round.
 *
 * @param main our side
 * @param file the files of the other languages, without ending
 * @param argument what it is given
 * @param cached whether our compile cache is on
 */
record Program(Class<?> main, String file, Function<Home, String> argument, boolean cached) {
    /** Compiles a text, reads a first value. */
    static Program firstRead(String text, boolean cached) {
        return new Program(
                FirstRead.class,
                "first_read",
                home -> home.file("bpf/" + text + ".c").toString(),
                cached);
    }

    /** Looks up a kernel symbol. */
    static Program firstSymbol() {
        return new Program(
                FirstSymbol.class,
                "first_symbol",
                home -> Long.toHexString(
                        KernelSymbols.current().address("vfs_read").orElseThrow()),
                false);
    }
}

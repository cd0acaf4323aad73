package io.github.bcc4j.symbol;

import io.github.bcc4j.ffm.NativeLibrary;
import io.github.bcc4j.ffm.libbcc.bcc_symbol;
import io.github.bcc4j.ffm.libbcc.bcc_symbol_option;
import io.github.bcc4j.ffm.libbcc.libbcc_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/** The symbols of one process as libbcc_bpf holds them. It never looks at the process again. For one thread at a time. */
final class NativeSymbols implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();
    /** {@code STT_FUNC} and {@code STT_GNU_IFUNC}. */
    private static final int FUNCTIONS = 1 << 2 | 1 << 10;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment cache;
    private final MemorySegment symbol = bcc_symbol.allocate(arena);
    private final boolean demangle;
    private final Cleaner.Cleanable release;

    NativeSymbols(int pid, SymbolOptions options) {
        NativeLibrary.libbccBpf();
        MemorySegment option = bcc_symbol_option.allocate(arena);
        bcc_symbol_option.use_debug_file(option, options.debugFiles() ? 1 : 0);
        bcc_symbol_option.check_debug_file_crc(option, options.checkDebugFiles() ? 1 : 0);
        bcc_symbol_option.lazy_symbolize(option, 1);
        bcc_symbol_option.use_symbol_type(option, FUNCTIONS);
        MemorySegment made = libbcc_h.bcc_symcache_new(pid, option); // it copies the options
        this.cache = made;
        this.demangle = options.demangle();
        this.release = CLEANER.register(this, () -> libbcc_h.bcc_free_symcache(made, pid));
    }

    /** What an address is; of an unknown function, a name of null; of an unknown file, an empty module. */
    record Place(String name, long offset, String module) {}

    Place resolve(long address) {
        boolean found = (demangle
                        ? libbcc_h.bcc_symcache_resolve(cache, address, symbol)
                        : libbcc_h.bcc_symcache_resolve_no_demangle(cache, address, symbol))
                == 0;
        String module = text(bcc_symbol.module(symbol), "");
        if (!found) {
            return new Place(null, bcc_symbol.offset(symbol), module);
        }
        String name = text(demangle ? bcc_symbol.demangle_name(symbol) : bcc_symbol.name(symbol), Frame.UNKNOWN);
        if (demangle) {
            libbcc_h.bcc_symbol_free_demangle_name(symbol);
        }
        return new Place(name, bcc_symbol.offset(symbol), module);
    }

    private static String text(MemorySegment pointer, String otherwise) {
        return pointer.address() == 0
                ? otherwise
                : pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }

    @Override
    public void close() {
        release.clean();
    }
}

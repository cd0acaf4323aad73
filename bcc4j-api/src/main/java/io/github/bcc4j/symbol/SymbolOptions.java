package io.github.bcc4j.symbol;

/**
 * How the functions of processes are named.
 *
 * @param demangle whether C++ names are shown as in the source: {@code ns::f(int)} for {@code _ZN2ns1fEi}
 * @param debugFiles whether separate debug files are looked for (by build-id below {@code /usr/lib/debug}, by debug link, and, where
 *     libbcc_bpf is built with liblzma, in {@code .gnu_debugdata}): they name static functions of stripped files
 * @param checkDebugFiles whether a debug file's checksum is computed, which reads all of it
 */
public record SymbolOptions(boolean demangle, boolean debugFiles, boolean checkDebugFiles) {
    /** C++ names as in the source; debug files are used as they are. */
    public static final SymbolOptions DEFAULT = new SymbolOptions(true, true, false);

    /**
     * These options, with C++ names as the linker knows them.
     *
     * @return new options
     */
    public SymbolOptions mangled() {
        return new SymbolOptions(false, debugFiles, checkDebugFiles);
    }
}

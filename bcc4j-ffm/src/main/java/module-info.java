/** The ground floor of bcc4j: generated bindings and a thin, typed system-call layer. For bcc4j's own library module alone. */
@SuppressWarnings("module") // the library module is compiled after this one
module io.github.bcc4j.ffm {
    exports io.github.bcc4j.ffm to
            io.github.bcc4j;
    exports io.github.bcc4j.ffm.libbcc to
            io.github.bcc4j;
    exports io.github.bcc4j.ffm.libbpf to
            io.github.bcc4j;
    exports io.github.bcc4j.ffm.linux to
            io.github.bcc4j;
}

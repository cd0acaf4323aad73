/** Trace Linux from Java: C text in, typed kernel data out. */
module io.github.bcc4j {
    requires io.github.bcc4j.ffm;

    exports io.github.bcc4j;
    exports io.github.bcc4j.attach;
    exports io.github.bcc4j.compile;
    exports io.github.bcc4j.diagnostic;
    exports io.github.bcc4j.event;
    exports io.github.bcc4j.kernel;
    exports io.github.bcc4j.symbol;
    exports io.github.bcc4j.table;
    exports io.github.bcc4j.text;
    exports io.github.bcc4j.type;
}

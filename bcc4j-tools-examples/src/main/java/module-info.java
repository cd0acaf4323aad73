/** bcc's tools in Java, each one class, on the public API only. */
module io.github.bcc4j.tools {
    requires info.picocli;
    requires io.github.bcc4j;
    requires io.github.bcc4j.junit;
    requires io.github.bcc4j.viz;

    opens io.github.bcc4j.tools to
            info.picocli,
            io.github.bcc4j;
    opens io.github.bcc4j.tools.cli to
            info.picocli;
    opens io.github.bcc4j.tools.probe to
            info.picocli;
}

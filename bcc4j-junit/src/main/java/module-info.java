/** Kernel virtual machines, and JUnit support for kernel experiments. */
module io.github.bcc4j.junit {
    requires transitive io.github.bcc4j;
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.engine;
    requires org.junit.platform.launcher;
    requires org.opentest4j;

    exports io.github.bcc4j.junit;
}

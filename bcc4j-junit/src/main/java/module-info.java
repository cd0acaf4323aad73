/** Kernel virtual machines, and JUnit support for kernel experiments. */
module io.github.bcc4j.junit {
    requires transitive io.github.bcc4j;
    requires org.junit.platform.launcher;

    exports io.github.bcc4j.junit;
}

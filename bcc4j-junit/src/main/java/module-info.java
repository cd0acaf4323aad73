/** Kernel virtual machines, and JUnit support for kernel experiments. */
module io.github.bcc4j.junit {
    requires transitive io.github.bcc4j;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.platform.engine;
    requires transitive org.junit.platform.launcher;
    requires org.opentest4j;

    exports io.github.bcc4j.junit;

    uses org.junit.platform.engine.TestEngine;

    provides org.junit.platform.engine.TestEngine with
            io.github.bcc4j.junit.KernelEngine;
    provides org.junit.platform.launcher.PostDiscoveryFilter with
            io.github.bcc4j.junit.HostFilter;
}

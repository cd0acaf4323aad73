/** JUnit support for kernel experiments, and kernel virtual machines. */
module io.github.bcc4j.junit {
    requires transitive io.github.bcc4j;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.commons;
    requires transitive org.junit.platform.engine;
    requires transitive org.junit.platform.launcher;
    requires org.opentest4j;

    exports io.github.bcc4j.junit;
    exports io.github.bcc4j.junit.assertj;
    exports io.github.bcc4j.junit.workload;

    opens io.github.bcc4j.junit to
            org.junit.platform.commons;

    uses org.junit.platform.engine.TestEngine;

    provides org.junit.platform.engine.TestEngine with
            io.github.bcc4j.junit.KernelEngine;
    provides org.junit.platform.launcher.PostDiscoveryFilter with
            io.github.bcc4j.junit.HostFilter;
}

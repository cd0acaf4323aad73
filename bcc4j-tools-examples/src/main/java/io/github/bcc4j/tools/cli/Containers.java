package io.github.bcc4j.tools.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of tools that can be limited to containers, which others name in pinned maps. */
public final class Containers {
    @Option(names = "--cgroupmap", paramLabel = "FILE", description = "Trace the cgroups in this pinned BPF map only.")
    private Path cgroups;

    @Option(
            names = "--mntnsmap",
            paramLabel = "FILE",
            description = "Trace the mount namespaces in this pinned BPF map only.")
    private Path mountNamespaces;

    /** For picocli. */
    public Containers() {}

    Path cgroups() {
        return cgroups;
    }

    Path mountNamespaces() {
        return mountNamespaces;
    }
}

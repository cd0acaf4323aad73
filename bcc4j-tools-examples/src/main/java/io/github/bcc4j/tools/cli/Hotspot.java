package io.github.bcc4j.tools.cli;

import io.github.bcc4j.attach.Usdt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A running HotSpot JVM and its static probes. */
public final class Hotspot {
    private final int pid;

    /**
     * A JVM.
     *
     * @param pid its process
     */
    public Hotspot(int pid) {
        this.pid = pid;
    }

    /**
     * Its probes, with some enabled.
     *
     * @param probesAndFunctions a probe's name without provider, the C function that handles it, and so on
     * @return to be given to the compiler
     * @throws IllegalArgumentException if the process is no JVM that was built with such probes
     */
    public Usdt probes(String... probesAndFunctions) {
        Usdt probes = Usdt.ofProcess(pid);
        if (probes.probes().stream().noneMatch(p -> p.provider().equals("hotspot"))) {
            throw new IllegalArgumentException("process " + pid
                    + " has no probes of HotSpot: it is no Java process, or its JVM was built without DTrace");
        }
        for (int i = 0; i < probesAndFunctions.length; i += 2) {
            probes = probes.enable("hotspot:" + probesAndFunctions[i], probesAndFunctions[i + 1]);
        }
        return probes;
    }

    /**
     * Whether the JVM was started with a flag that makes probes fire which else do not.
     *
     * @param flag such as {@code DTraceMethodProbes}; ExtendedDTraceProbes stands for all
     * @return false if neither its command nor JAVA_TOOL_OPTIONS has it
     */
    public boolean hasFlag(String flag) {
        String options = read("cmdline") + read("environ");
        return options.contains("-XX:+" + flag) || options.contains("-XX:+ExtendedDTraceProbes");
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * A class or method as programmers write it.
     *
     * @param name as the JVM has it: {@code java/lang/String}
     * @return {@code java.lang.String}
     */
    public static String dotted(String name) {
        return name.replace('/', '.');
    }
}

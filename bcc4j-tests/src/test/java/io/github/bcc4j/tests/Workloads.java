package io.github.bcc4j.tests;

import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.junit.workload.Workload.Done;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processes that do an exact number of things and say what they did: those that are for these tests only, and short forms. */
public final class Workloads {
    private Workloads() {}

    /** Forks that many children, one after the other, and prints their process ids. */
    public static Done forks(int n) {
        return Workload.forks(n).run();
    }

    /** Calls getppid(2) exactly that often, on one CPU. The interpreter itself never calls it. */
    public static Done getppids(int n) {
        return run("/usr/bin/python3", "-c", """
                import os
                os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
                for _ in range(%d): os.getppid()
                """.formatted(n));
    }

    /** Calls getppid(2) exactly that often, and changes the CPU before each call, where there is more than one. */
    public static Done movingGetppids(int n) {
        return run("/usr/bin/python3", "-c", """
                import os
                cpus = sorted(os.sched_getaffinity(0))
                for i in range(%d):
                    os.sched_setaffinity(0, {cpus[i %% len(cpus)]})
                    os.getppid()
                """.formatted(n));
    }

    /** Runs a command to its end as a shell's child: a process that does nothing but what the command does, unlike a JVM's child. */
    public static Done command(String command) {
        Done shell = shell(command + " & echo $!; wait");
        long pid = Long.parseLong(shell.lines().getFirst());
        return new Done(1, pid, pid, shell.lines());
    }

    /** Runs a shell script to its end. */
    public static Done shell(String script) {
        return Workload.shell(script).run();
    }

    /** Runs a command to its end; a failure is a broken test. */
    public static Done run(String... command) {
        return Workload.command(command).run();
    }

    /** The descriptor of the UDP socket of this process that is bound to a port of the loopback device: /proc tells its inode. */
    public static int descriptor(int port) throws IOException {
        String local = "%08X:%04X".formatted(0x0100007F, port);
        String inode;
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/net/udp"))) {
            inode = lines.map(l -> l.strip().split("\\s+"))
                    .filter(f -> f[1].equals(local))
                    .map(f -> f[9])
                    .findFirst()
                    .orElseThrow();
        }
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(p -> link(p).equals("socket:[" + inode + "]"))
                    .map(p -> Integer.valueOf(p.getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return ""; // closed in between
        }
    }
}

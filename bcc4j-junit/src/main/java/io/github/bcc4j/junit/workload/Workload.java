package io.github.bcc4j.junit.workload;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Something to do an exact number of times, so that it is known what a program that watches must have seen. Those of this interface wait
 * for nothing but their own work. They do it either on the calling thread, so that a program tells it by {@link Done#tid}, or in a process of
 * their own, told by {@link Done#pid}.
 *
 * <p>A workload is a value: it may run any number of times, also on several threads at once.
 */
@FunctionalInterface
public interface Workload {
    /**
     * Does it.
     *
     * @return what was done, and by whom
     * @throws WorkloadException if it could not all be done: then counts mean nothing
     */
    Done run();

    /**
     * What a workload has done.
     *
     * @param count how many times what its factory says
     * @param pid the process that did it, as {@code bpf_get_current_pid_tgid() >> 32} sees it
     * @param tid the thread that did it, as the lower half of {@code bpf_get_current_pid_tgid()} sees it
     * @param lines what a process has printed, or what else its factory says
     */
    record Done(long count, long pid, long tid, List<String> lines) {
        /** Keeps its own copy. */
        public Done {
            lines = List.copyOf(lines);
        }
    }

    /**
     * A shell forks children that do nothing, one after the other.
     *
     * @param n how many
     * @return of the shell; its lines are the children's process ids
     */
    static Workload forks(int n) {
        String script = "i=0; while [ $i -lt " + positive(n) + " ]; do (:) & echo $!; wait; i=$((i+1)); done";
        return counted(n, shell(script));
    }

    /**
     * A shell forks children, one after the other, each of which executes {@code /bin/true}.
     *
     * @param n how many
     * @return of the shell; its lines are the children's process ids
     */
    static Workload execs(int n) {
        String script = "i=0; while [ $i -lt " + positive(n) + " ]; do /bin/true & echo $!; wait; i=$((i+1)); done";
        return counted(n, shell(script));
    }

    /**
     * A shell script, run to its end.
     *
     * @param script for {@code sh -c}
     * @return of the shell, once: its lines are what it printed
     */
    static Workload shell(String script) {
        return command("sh", "-c", script);
    }

    /**
     * A command, run to its end, in the environment of this process. It may take a minute. The process is at first the JVM's own helper,
     * which makes some system calls before it executes the command, as a shell's child would not.
     *
     * @param command the program and its arguments
     * @return of its process, once: its lines are what it printed to its standard output
     */
    static Workload command(String... command) {
        List<String> words = List.of(command);
        return () -> Commands.run(words);
    }

    /**
     * The calling thread opens a file to read it, and closes it.
     *
     * @param file an existing file
     * @param n how often
     * @return of this thread
     */
    static Workload opens(Path file, int n) {
        positive(n);
        return onThisThread(n, () -> {
            for (int i = 0; i < n; i++) {
                FileChannel.open(file).close();
            }
            return List.of();
        });
    }

    /**
     * The calling thread makes a system call that takes no arguments and changes nothing.
     *
     * @param name {@code getpid}, {@code getppid}, {@code gettid}, {@code getuid}, {@code geteuid}, {@code getgid}, {@code getegid} or
     *     {@code sched_yield}; the JVM calls {@code getppid} never
     * @param n how often
     * @return of this thread
     * @throws IllegalArgumentException if it is another one
     */
    static Workload syscalls(String name, int n) {
        long number = Libc.harmless(name);
        positive(n);
        return onThisThread(n, () -> {
            Libc.syscalls(number, n);
            return List.of();
        });
    }

    /**
     * The calling thread allocates memory of the C library and frees it: so many calls of {@code malloc} with this size, and as many of
     * {@code free}. Other threads of the JVM, and at times this one, allocate as well: choose a size that they would not.
     *
     * @param bytes the size, at least 1
     * @param n how often
     * @return of this thread
     */
    static Workload allocations(long bytes, int n) {
        if (bytes < 1) {
            throw new IllegalArgumentException("an allocation has one byte at least, not " + bytes);
        }
        positive(n);
        return onThisThread(n, () -> {
            Libc.allocations(bytes, n);
            return List.of();
        });
    }

    /**
     * The calling thread keeps its CPU busy.
     *
     * @param time how long, by the clock
     * @return of this thread; counts rounds, of which there are more on a faster machine
     */
    static Workload burnCpu(Duration time) {
        return () -> {
            long begin = System.nanoTime();
            long rounds = 0;
            while (System.nanoTime() - begin < time.toNanos()) {
                rounds++;
            }
            return Libc.byThisThread(rounds, List.of());
        };
    }

    /**
     * The calling thread connects to itself over TCP on 127.0.0.1 and accepts, one connection after the other, each closed before the next.
     *
     * @param n how many
     * @return of this thread; its only line is the port that was connected to
     */
    static Workload tcpConnections(int n) {
        positive(n);
        return onThisThread(n, () -> {
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
                server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
                InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
                for (int i = 0; i < n; i++) {
                    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET)) {
                        client.connect(address);
                        server.accept().close();
                    }
                }
                return List.of(String.valueOf(address.getPort()));
            }
        });
    }

    private static int positive(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("a workload does its work once at least, not " + n + " times");
        }
        return n;
    }

    private static Workload counted(long n, Workload workload) {
        return () -> {
            Done done = workload.run();
            return new Done(n, done.pid(), done.tid(), done.lines());
        };
    }

    private static Workload onThisThread(long n, Callable<List<String>> work) {
        return () -> {
            try {
                return Libc.byThisThread(n, work.call());
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new WorkloadException("the workload failed: " + e, e);
            }
        };
    }
}

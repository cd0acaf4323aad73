package io.github.bcc4j.benchmarks.start;

import io.github.bcc4j.BPF;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Compiles, loads, attaches, and reads a table until there is something in it. */
public final class FirstRead {
    private FirstRead() {}

    /**
     * Says when the first value is read, and ends with its input.
     *
     * @param args the file with the C text
     * @throws IOException if that can't be read
     */
    public static void main(String[] args) throws IOException {
        try (BPF bpf = BPF.fromSource(Files.readString(Path.of(args[0])))) {
            Map<Long, Long> counts = bpf.hash("counts", Long.class, Long.class);
            long total = 0;
            while (total == 0) {
                for (long n : counts.values()) {
                    total += n;
                }
            }
            System.out.println("first");
            while (System.in.read() >= 0) {}
        }
    }
}

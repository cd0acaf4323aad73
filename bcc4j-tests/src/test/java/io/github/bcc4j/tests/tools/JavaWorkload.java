package io.github.bcc4j.tests.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A program that does the same for each byte that it is sent: calls, objects, a thread, a collection of garbage. */
final class JavaWorkload {
    static final int CALLS = 1234;
    static final int OBJECTS = 777;
    static final String THREAD = "named-by-its-test";

    private JavaWorkload() {}

    /** An object of 16 bytes, and its array. */
    static final class Piece {
        final long[] content = new long[16];
    }

    static int once(int n) {
        return n * 3 + 1;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        while (System.in.read() >= 0) {
            long sum = 0;
            for (int i = 0; i < CALLS; i++) {
                sum += once(i);
            }
            List<Piece> pieces = new ArrayList<>();
            for (int i = 0; i < OBJECTS; i++) {
                pieces.add(new Piece());
            }
            Thread.ofPlatform().name(THREAD).start(() -> {}).join();
            System.gc();
            System.out.println(sum + pieces.size());
        }
    }
}

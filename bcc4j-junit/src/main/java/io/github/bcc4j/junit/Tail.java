package io.github.bcc4j.junit;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the last bytes written to it. Thread-safe. */
final class Tail extends OutputStream {
    private final byte[] ring;
    private long written;

    Tail(int size) {
        ring = new byte[size];
    }

    @Override
    public synchronized void write(int b) {
        ring[(int) (written++ % ring.length)] = (byte) b;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** What was kept, from the start of a line, without carriage returns and terminal control sequences. */
    synchronized String text() {
        int kept = (int) Math.min(written, ring.length);
        byte[] ordered = new byte[kept];
        for (int i = 0; i < kept; i++) {
            ordered[i] = ring[(int) ((written - kept + i) % ring.length)];
        }
        String text = new String(ordered, StandardCharsets.UTF_8)
                .replaceAll("\033\\[[0-9;?]*[A-Za-z]", "")
                .replaceAll("\033c|\r", "");
        return written > kept ? text.substring(text.indexOf('\n') + 1) : text;
    }
}

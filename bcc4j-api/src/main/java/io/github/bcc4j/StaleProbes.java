package io.github.bcc4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Named probes in tracefs: the one thing that outlives a killed process. Their group carries the owner's process id, so that the
 * next attachment can sweep away what a dead owner left. The kernel itself refuses to remove a probe in use.
 */
final class StaleProbes {
    private StaleProbes() {}

    private static final AtomicLong COUNT = new AtomicLong();
    private static final Pattern OURS = Pattern.compile("[pr]\\d*:(bcc4j_(\\d+)/\\w+) .*");

    /** A new name, {@code group/event}. */
    static String newName(String function) {
        String event = function.replaceAll("\\W", "_");
        return "bcc4j_" + ProcessHandle.current().pid() + "/" + event.substring(0, Math.min(40, event.length())) + "_"
                + COUNT.incrementAndGet();
    }

    static void write(Path kprobeEvents, String definition) throws IOException {
        Files.write(
                kprobeEvents,
                (definition + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
    }

    static void remove(Path kprobeEvents, String event) {
        try {
            write(kprobeEvents, "-:" + event);
        } catch (IOException e) {
            // Gone already, or still in use by a descriptor that was inherited; the next sweep takes it.
        }
    }

    static void sweep(Path kprobeEvents) {
        List<String> lines;
        try {
            lines = Files.readAllLines(kprobeEvents);
        } catch (IOException e) {
            return; // No tracefs: the attachment itself will say so.
        }
        for (String line : lines) {
            Matcher m = OURS.matcher(line);
            if (m.matches() && ProcessHandle.of(Long.parseLong(m.group(2))).isEmpty()) {
                remove(kprobeEvents, m.group(1));
            }
        }
    }
}

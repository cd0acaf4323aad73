package io.github.bcc4j.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one contestant's round measured and saw.
 *
 * @param metrics nanoseconds by name; {@code rss} in bytes
 * @param checks numbers that must be the same for all
 */
record Sample(Map<String, Long> metrics, Map<String, Long> checks) {
    /** Reads {@code cpu=1234 n:10}. */
    static Sample parse(String line) {
        Map<String, Long> metrics = new LinkedHashMap<>();
        Map<String, Long> checks = new LinkedHashMap<>();
        for (String word : line.strip().split("\\s+")) {
            int at = Math.max(word.indexOf('='), word.indexOf(':'));
            if (at < 1) {
                throw new IllegalStateException("not a measurement: " + line);
            }
            (word.charAt(at) == '=' ? metrics : checks)
                    .put(word.substring(0, at), Long.valueOf(word.substring(at + 1)));
        }
        return new Sample(metrics, checks);
    }
}

package io.github.bcc4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void drawsAsTheReferenceDoes() {
        assertThat(Histogram.log2(new long[] {9, 0, 3, 12}, "usecs")).isEqualTo("""
                             usecs               : count     distribution
                                 0 -> 1          : 0        |                                        |
                                 2 -> 3          : 3        |**********                              |
                                 4 -> 7          : 12       |****************************************|
                        """);
        assertThat(Histogram.linear(new long[] {1, 0, 2}, "cpu")).isEqualTo("""
                             cpu           : count     distribution
                                0          : 1        |********************                    |
                                1          : 0        |                                        |
                                2          : 2        |****************************************|
                        """);
    }

    @Test
    void nothingIsDrawnForNothing() {
        assertThat(Histogram.log2(new long[64], "x")).isEmpty();
        assertThat(Histogram.log2(new long[] {5}, "x")).isEmpty();
        assertThat(Histogram.linear(new long[0], "x")).isEmpty();
    }

    /** The same arrays through bcc's own Python code, byte for byte. */
    @Test
    @Tag("native")
    void equalsBccsPython() throws Exception {
        Random random = new Random(7);
        List<long[]> arrays = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long[] slots = new long[1 + random.nextInt(64)];
            for (int s = 0; s < slots.length; s++) {
                slots[s] = random.nextInt(3) == 0 ? 0 : random.nextLong(1L << random.nextInt(40));
            }
            arrays.add(slots);
        }
        StringBuilder script =
                new StringBuilder("from bcc.table import _print_log2_hist as g, _print_linear_hist as l\n");
        StringBuilder ours = new StringBuilder();
        for (long[] slots : arrays) {
            script.append("g(").append(Arrays.toString(slots)).append(", 'usecs', None)\n");
            script.append("l(").append(Arrays.toString(slots)).append(", 'cpu', None)\n");
            ours.append(Histogram.log2(slots, "usecs")).append(Histogram.linear(slots, "cpu"));
        }
        Process python = new ProcessBuilder("/usr/bin/python3", "-")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread writer = Thread.ofPlatform().start(() -> {
            try (var out = python.getOutputStream()) {
                out.write(script.toString().getBytes(StandardCharsets.UTF_8));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        String theirs = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        writer.join();
        assertThat(python.waitFor()).isZero();
        assertThat(ours.toString()).isEqualTo(theirs);
    }

    @Test
    void asJson() {
        assertThat(Histogram.log2Json(new long[] {9, 1, 0, 7}, "usecs"))
                .isEqualTo("{\"unit\":\"usecs\",\"slots\":[{\"from\":0,\"to\":1,\"count\":1},"
                        + "{\"from\":2,\"to\":3,\"count\":0},{\"from\":4,\"to\":7,\"count\":7}]}");
        assertThat(Histogram.linearJson(new long[] {2, 0, 1, 0}, "KB"))
                .isEqualTo("{\"unit\":\"KB\",\"slots\":[{\"from\":0,\"to\":0,\"count\":2},"
                        + "{\"from\":1,\"to\":1,\"count\":0},{\"from\":2,\"to\":2,\"count\":1}]}");
        long[] wide = new long[65];
        wide[64] = 1;
        assertThat(Histogram.log2Json(wide, "ns"))
                .endsWith("{\"from\":9223372036854775808,\"to\":18446744073709551615,\"count\":1}]}");
        assertThat(Histogram.log2(wide, "ns")).contains("9223372036854775808 -> 18446744073709551615 : 1 ");
        assertThat(Histogram.log2Json(new long[] {5}, "a")).isEqualTo("{\"unit\":\"a\",\"slots\":[]}");
        assertThat(Histogram.linearJson(new long[0], "a")).isEqualTo("{\"unit\":\"a\",\"slots\":[]}");
    }

    @Test
    void jsonKeepsAnyText() {
        assertThat(Histogram.linearJson(new long[0], "a\"b\\c\n\u0000µ\u2028\ud83d\ude00\u007f"))
                .isEqualTo("{\"unit\":\"a\\\"b\\\\c\\u000a\\u0000\\u00b5\\u2028\\ud83d\\ude00\\u007f\",\"slots\":[]}");
    }
}

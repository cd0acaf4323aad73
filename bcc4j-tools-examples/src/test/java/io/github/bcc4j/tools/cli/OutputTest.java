package io.github.bcc4j.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTest {
    private record Opened(double time, int pid, String comm, Long bytes, List<String> flags) {}

    private static final Opened PLAIN = new Opened(1.5, 181, "cat", 4096L, List.of("O_RDWR", "O_CREAT"));
    private static final Opened HOSTILE = new Opened(20, 1, "a,\"b\n\u001b[2J\u00e9", null, List.of());

    private final StringWriter written = new StringWriter();

    private Output output(Format format) {
        return new Output(new PrintWriter(written), format, () -> {});
    }

    private List<String> lines() {
        return written.toString().lines().toList();
    }

    private static Rows<Opened> rows(Output output) {
        return new Rows<Opened>(output)
                .column("TIME(s)", "%-9.3f", Opened::time)
                .column("PID", "%6d ", Opened::pid)
                .column("COMM", "%-6.6s ", Opened::comm)
                .column(false, "NEVER", "%s", o -> "shown")
                .column("BYTES", "%,8d ", Opened::bytes)
                .column("FLAGS", "%s", Opened::flags);
    }

    private static void write(Output output) {
        Rows<Opened> rows = rows(output);
        rows.header();
        rows.print(PLAIN);
        rows.print(HOSTILE);
        rows.header();
    }

    @Test
    void asTextColumnsHaveTheirWidthAndNamesMoveNoCursor() {
        write(output(Format.TEXT));
        assertThat(lines())
                .containsExactly(
                        "TIME(s)     PID COMM      BYTES FLAGS",
                        "1.500       181 cat       4,096 [O_RDWR, O_CREAT]",
                        "20.000        1 a,\"b\\n          []",
                        "TIME(s)     PID COMM      BYTES FLAGS");
    }

    @Test
    void asJsonEachRowIsAnObjectWithTheWholeValues() {
        write(output(Format.JSON));
        assertThat(lines())
                .containsExactly(
                        "{\"time_s\":1.5,\"pid\":181,\"comm\":\"cat\",\"bytes\":4096,\"flags\":[\"O_RDWR\",\"O_CREAT\"]}",
                        "{\"time_s\":20.0,\"pid\":1,\"comm\":\"a,\\\"b\\u000a\\u001b[2J\\u00e9\",\"bytes\":null,\"flags\":[]}");
    }

    @Test
    void asCsvThereIsOneLineOfNamesAndValuesAreQuotedWhereTheyMust() {
        write(output(Format.CSV));
        assertThat(written.toString())
                .isEqualTo("time_s,pid,comm,bytes,flags\n1.5,181,cat,4096,O_RDWR;O_CREAT\n"
                        + "20.0,1,\"a,\"\"b\n\u001b[2J\u00e9\",,\n");
    }

    @Test
    void anIntervalsTimeIsInWhatHasNone() {
        Output json = output(Format.JSON);
        json.stamp("12:00:01");
        json.object(Map.of("n", 1));
        json.object(Map.of());
        json.object(Map.of("time", "own"));
        Output csv = output(Format.CSV);
        csv.stamp("12:00:01");
        csv.object(Map.of("n", 1));
        csv.stamp("12:00:02");
        csv.object(Map.of("n", 2));
        csv.object(Map.of("m", 3));
        assertThat(lines())
                .containsExactly(
                        "{\"time\":\"12:00:01\",\"n\":1}",
                        "{\"time\":\"12:00:01\"}",
                        "{\"time\":\"own\"}",
                        "time,n",
                        "12:00:01,1",
                        "12:00:02,2",
                        "time,m",
                        "12:00:02,3");
    }

    @Test
    void histogramsAreBarsObjectsAndLines() {
        long[] slots = {0, 2, 0, 1};
        Map<String, Object> key = new LinkedHashMap<>();
        key.put("comm", "a\tb");
        new Histograms(output(Format.TEXT)).log2("usecs", key, slots);
        new Histograms(output(Format.JSON)).log2("usecs", key, slots);
        new Histograms(output(Format.CSV)).linear("bytes", Map.of(), new long[] {7});
        assertThat(lines())
                .containsExactly(
                        "",
                        "comm = a\\tb",
                        "     usecs               : count     distribution",
                        "         0 -> 1          : 2        |****************************************|",
                        "         2 -> 3          : 0        |                                        |",
                        "         4 -> 7          : 1        |********************                    |",
                        "{\"comm\":\"a\\u0009b\",\"unit\":\"usecs\",\"slots\":[{\"from\":0,\"to\":1,\"count\":2},"
                                + "{\"from\":2,\"to\":3,\"count\":0},{\"from\":4,\"to\":7,\"count\":1}]}",
                        "unit,from,to,count",
                        "bytes,0,0,7");
    }

    @Test
    void theHighestSlotsBoundsAreUnsigned() {
        long[] slots = new long[65];
        slots[64] = 1;
        new Histograms(output(Format.JSON)).log2("n", Map.of(), slots);
        assertThat(lines().getFirst())
                .endsWith("{\"from\":9223372036854775808,\"to\":18446744073709551615,\"count\":1}]}");
    }

    @Test
    void whenNobodyReadsTheRunEnds() {
        Writer broken = new FilterWriter(written) {
            @Override
            public void flush() throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        int[] closed = new int[1];
        Output output = new Output(new PrintWriter(broken), Format.TEXT, () -> closed[0]++);
        output.text("%d%n", 1);
        assertThat(closed[0]).isZero();
        output.flush();
        assertThat(closed[0]).isOne();
    }

    @Test
    void aColumnsFormatHasOneConversion() {
        assertThatThrownBy(() -> new Column<String>("A", "no conversion", s -> s))
                .hasMessage("not a column's format: no conversion");
    }
}

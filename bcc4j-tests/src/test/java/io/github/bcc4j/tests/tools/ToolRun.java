package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bcc4j.tools.Main;
import io.github.bcc4j.tools.cli.Beside;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run of a tool in this JVM, which spares guests the start of another, beside a workload of the test.
 *
 * @param exitCode its exit code
 * @param out the lines of its standard output
 * @param err the lines of its standard error
 */
record ToolRun(int exitCode, List<String> out, List<String> err) {
    /** Begins a line for docs/tools.md: that a tool can't do its work here, and says so. */
    static final String REFUSED = "refused: ";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Something that a test does. */
    interface Action {
        void run() throws Exception;
    }

    /** Runs a tool until it ends by itself: it has an end of its own, such as a count of intervals. */
    static ToolRun of(String... args) {
        return run(Optional.empty(), args);
    }

    /** Runs a tool from when it traces to the end of a workload. */
    static ToolRun beside(Action workload, String... args) {
        return run(
                Optional.of(Beside.action(() -> {
                    try {
                        workload.run();
                    } catch (RuntimeException | Error e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })),
                args);
    }

    private static ToolRun run(Optional<Beside> beside, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err, true), beside, args);
        return new ToolRun(
                code, out.toString().lines().toList(), err.toString().lines().toList());
    }

    /** That it ended well, without a word to the standard error. */
    ToolRun succeeded() {
        assertThat(err).isEmpty();
        assertThat(exitCode).isZero();
        return this;
    }

    /** That it could not do its work: the one line that says why. */
    String refusal() {
        assertThat(exitCode).as("%s", out).isEqualTo(1);
        assertThat(err).hasSize(1);
        System.out.println(REFUSED + err.getFirst());
        return err.getFirst();
    }

    /** What it wrote as JSON. */
    Stream<JsonNode> rows() {
        return out.stream().map(line -> {
            try {
                return JSON.readTree(line);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + line, e);
            }
        });
    }

    /** Its rows that have this text in this field. */
    List<JsonNode> rows(String field, String text) {
        return rows().filter(row -> row.path(field).asText().equals(text)).toList();
    }

    /** The count of all slots of a histogram between two values, both included. */
    static long count(JsonNode histogram, long from, long to) {
        long sum = 0;
        for (JsonNode slot : histogram.path("slots")) {
            if (slot.path("from").asLong() >= from && slot.path("to").asLong() <= to) {
                sum += slot.path("count").asLong();
            }
        }
        return sum;
    }
}

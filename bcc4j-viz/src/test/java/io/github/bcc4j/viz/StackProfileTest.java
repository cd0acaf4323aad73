package io.github.bcc4j.viz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bcc4j.symbol.Frame;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class StackProfileTest {
    private static Frame frame(Frame.Kind kind, String name) {
        return new Frame(kind, 0x1000, name, 0, kind == Frame.Kind.KERNEL ? "" : "/bin/prog");
    }

    private static StackProfile small() {
        StackProfile profile = new StackProfile("small", "samples");
        Frame main = frame(Frame.Kind.USER, "main");
        Frame compiled = frame(Frame.Kind.JIT, "Lfoo;::bar");
        Frame read = frame(Frame.Kind.KERNEL, "vfs_read");
        profile.add("prog", List.of(read, compiled, main), 3);
        profile.add("prog", List.of(compiled, main), 4);
        profile.add("prog", List.of(read, compiled, main), 2);
        profile.add("", List.of(read), 1);
        return profile;
    }

    @Test
    void equalStacksAreAddedUpAndFolded() {
        StackProfile profile = small();
        assertThat(profile).hasToString("small: 3 stacks, 10 samples");
        assertThat(profile.folded()).isEqualTo("""
                prog;main;Lfoo:::bar_[j] 4
                prog;main;Lfoo:::bar_[j];vfs_read_[k] 5
                vfs_read_[k] 1
                """);
    }

    @Test
    void foldedLinesAreReadAsTheyAreWritten() {
        String text = small().folded();
        StackProfile read =
                StackProfile.parseFolded("again", "samples", text.lines().toList());
        assertThat(read.folded()).isEqualTo(text);
        assertThat(read.total()).isEqualTo(10);
        assertThat(StackProfile.parseFolded("t", "u", List.of("", "a;b c 12", " 3"))
                        .total())
                .isEqualTo(15); // names may have spaces; a stack may be empty
    }

    @Test
    void aLineThatIsNoneIsToldByNumber() {
        assertThatThrownBy(() -> StackProfile.parseFolded("t", "u", List.of("a 1", "a;b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 2 does not end in a space and a whole number: a;b");
        assertThatThrownBy(() -> StackProfile.parseFolded("t", "u", List.of("a -1")))
                .hasMessage("a stack's value is not negative: -1");
        assertThatThrownBy(() -> FlameGraph.difference(new StackProfile("a", "us"), new StackProfile("b", "bytes")))
                .hasMessage("one has us, the other bytes");
    }

    @Test
    void namesEndNoLineAndNoFrame() {
        StackProfile profile = new StackProfile("t", "u");
        profile.add("a;b\n1", List.of(frame(Frame.Kind.USER, "x\u0000;y")), 7);
        assertThat(profile.folded()).isEqualTo("a:b?1;x?:y 7\n");
    }

    @Test
    void manyRandomStacksSumUpAsAMapDoes() {
        Random random = new Random(4);
        StackProfile profile = new StackProfile("t", "u");
        Map<String, Long> expected = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            List<String> names = IntStream.range(0, random.nextInt(1, 20))
                    .mapToObj(n -> "f" + random.nextInt(4))
                    .collect(Collectors.toCollection(ArrayList::new));
            long value = random.nextInt(1000);
            profile.add(
                    "",
                    names.stream().map(n -> frame(Frame.Kind.USER, n)).toList().reversed(),
                    value);
            if (value > 0) {
                expected.merge(String.join(";", names), value, Long::sum);
            }
        }
        StringBuilder lines = new StringBuilder();
        expected.forEach(
                (stack, value) -> lines.append(stack).append(' ').append(value).append('\n'));
        assertThat(profile.folded()).isEqualTo(lines.toString());
        assertThat(profile.stacks()).isEqualTo(expected.size());
        assertThat(profile.total())
                .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
    }

    @Test
    void speedscopeHasEachStackWithItsWeight() throws Exception {
        JsonNode file = new ObjectMapper().readTree(small().speedscope());
        JsonNode frames = file.at("/shared/frames");
        Map<String, Long> stacks = new HashMap<>();
        JsonNode samples = file.at("/profiles/0/samples");
        for (int i = 0; i < samples.size(); i++) {
            List<String> names = new ArrayList<>();
            samples.get(i)
                    .forEach(n -> names.add(frames.get(n.asInt()).path("name").asText()));
            stacks.put(
                    String.join(">", names),
                    file.at("/profiles/0/weights").get(i).asLong());
        }
        assertThat(stacks)
                .containsOnly(
                        Map.entry("prog>main>Lfoo;::bar", 4L),
                        Map.entry("prog>main>Lfoo;::bar>vfs_read", 5L),
                        Map.entry("vfs_read", 1L));
        assertThat(file.at("/profiles/0/endValue").asLong()).isEqualTo(10);
        assertThat(file.at("/profiles/0/unit").asText()).isEqualTo("none");
        assertThat(file.at("/profiles/0/type").asText()).isEqualTo("sampled");
    }

    /** Read back by the numbers of the fields in profile.proto. */
    @Test
    void pprofIsAWellFormedMessage() throws Exception {
        byte[] raw = new GZIPInputStream(new ByteArrayInputStream(small().pprof())).readAllBytes();
        Map<Integer, List<byte[]>> fields = ProtobufFields.of(raw);
        List<String> texts = fields.get(6).stream()
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .toList();
        assertThat(texts)
                .startsWith("")
                .contains("samples", "count", "prog", "main", "Lfoo;::bar", "vfs_read", "/bin/prog");
        List<String> functions = fields.get(5).stream()
                .map(f -> texts.get(
                        (int) ProtobufFields.number(ProtobufFields.of(f).get(2).getFirst())))
                .toList();
        Map<String, Long> stacks = new HashMap<>();
        for (byte[] sample : fields.get(2)) {
            Map<Integer, List<byte[]>> parts = ProtobufFields.of(sample);
            String stack = ProtobufFields.numbers(parts.get(1).getFirst()).stream()
                    .map(location -> functions.get(location.intValue() - 1))
                    .collect(Collectors.joining("<"));
            stacks.put(stack, ProtobufFields.numbers(parts.get(2).getFirst()).getFirst());
        }
        assertThat(stacks)
                .containsOnly(
                        Map.entry("Lfoo;::bar<main<prog", 4L),
                        Map.entry("vfs_read<Lfoo;::bar<main<prog", 5L),
                        Map.entry("vfs_read", 1L));
        assertThat(fields.get(4)).hasSameSizeAs(fields.get(5));
    }

    @Test
    void aPageHasNoNamesInItsMarkup() {
        StackProfile profile = new StackProfile("</title><script>alert(1)</script>", "samples");
        profile.add("<img src=x onerror=alert(2)>", List.of(frame(Frame.Kind.USER, "</script><b>")), 1);
        String html = FlameGraph.html(profile);
        assertThat(html).doesNotContain("alert(2)", "<b>", "<script>alert").contains("&lt;/title&gt;&lt;script&gt;");
        assertThat(html)
                .contains("script-src 'sha256-")
                .doesNotContain("http://")
                .doesNotContain("https://");
    }
}

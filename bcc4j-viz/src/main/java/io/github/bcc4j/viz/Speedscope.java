package io.github.bcc4j.viz;

import io.github.bcc4j.text.JsonText;
import io.github.bcc4j.viz.StackProfile.Function;
import java.util.ArrayDeque;
import java.util.Deque;

/** speedscope's file format: frames, and for each stack their numbers, the outermost first. */
final class Speedscope {
    private Speedscope() {}

    static String text(StackProfile profile) {
        StringBuilder frames = new StringBuilder();
        for (Function f : profile.functions()) {
            frames.append(frames.isEmpty() ? "" : ",").append("{\"name\":").append(JsonText.string(f.name()));
            if (!f.module().isEmpty()) {
                frames.append(",\"file\":").append(JsonText.string(f.module()));
            }
            frames.append('}');
        }
        StringBuilder samples = new StringBuilder();
        StringBuilder weights = new StringBuilder();
        StackTree tree = profile.tree();
        for (int node = 0; node < tree.size(); node++) {
            if (tree.value(0, node) > 0) {
                samples.append(samples.isEmpty() ? "[" : ",[")
                        .append(numbers(tree, node))
                        .append(']');
                weights.append(weights.isEmpty() ? "" : ",").append(tree.value(0, node));
            }
        }
        return "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"exporter\":\"bcc4j\",\"name\":"
                + JsonText.string(profile.title()) + ",\"shared\":{\"frames\":[" + frames
                + "]},\"profiles\":[{\"type\":\"sampled\",\"name\":" + JsonText.string(profile.title())
                + ",\"unit\":\"" + unit(profile.unit()) + "\",\"startValue\":0,\"endValue\":" + profile.total()
                + ",\"samples\":[" + samples + "],\"weights\":[" + weights + "]}]}\n";
    }

    private static String numbers(StackTree tree, int node) {
        Deque<String> numbers = new ArrayDeque<>();
        for (int at = node; at != 0; at = tree.parent(at)) {
            numbers.push(String.valueOf(tree.frame(at)));
        }
        return String.join(",", numbers);
    }

    private static String unit(String unit) {
        return switch (unit) {
            case "ns" -> "nanoseconds";
            case "us" -> "microseconds";
            case "ms" -> "milliseconds";
            case "s" -> "seconds";
            case "bytes" -> "bytes";
            default -> "none";
        };
    }
}

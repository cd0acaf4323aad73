package io.github.bcc4j.viz;

import io.github.bcc4j.viz.StackProfile.Function;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Flame graphs: each function is a box as wide as what it and all that it called took, on top of its caller's. One HTML file without
 * references to others, which works from a disk or as an attachment: search, zoom, exact values, icicles, stacks merged from their ends, links to what is
 * shown. Any number of stacks; what would be narrower than half a pixel is drawn when one zooms in. Browsers: those since 2023
 * ({@code DecompressionStream}). Thread-safe.
 */
public final class FlameGraph {
    private FlameGraph() {}

    /**
     * A flame graph.
     *
     * @param profile what to draw
     * @return an HTML file's text
     */
    public static String html(StackProfile profile) {
        return html(profile.title(), profile, profile.tree(), profile.unit());
    }

    /**
     * What has changed between two recordings: boxes are as wide as in the second, red where it has more than the first, blue where it has
     * less, in proportion to each one's total if these differ. A switch makes them as wide as in the first, which shows what has gone.
     *
     * @param before the first
     * @param after the second
     * @return an HTML file's text
     * @throws IllegalArgumentException if their units differ
     */
    public static String difference(StackProfile before, StackProfile after) {
        if (!before.unit().equals(after.unit())) {
            throw new IllegalArgumentException("one has " + before.unit() + ", the other " + after.unit());
        }
        StackProfile both = new StackProfile(before.title() + " → " + after.title(), after.unit());
        StackTree tree = new StackTree(2);
        merge(after, both, tree, 0);
        merge(before, both, tree, 1);
        return html(both.title(), both, tree, both.unit());
    }

    /** Adds a profile's values to one column of a tree, whose functions are numbered by another profile. */
    private static void merge(StackProfile from, StackProfile names, StackTree to, int column) {
        StackTree tree = from.tree();
        int[] there = new int[tree.size()];
        for (int node = 0; node < tree.size(); node++) {
            if (node > 0) {
                int function = names.number(from.functions().get(tree.frame(node)));
                there[node] = to.child(there[tree.parent(node)], function);
            }
            to.add(column, there[node], tree.value(0, node));
        }
    }

    private static String html(String title, StackProfile names, StackTree tree, String unit) {
        List<Function> functions = names.functions();
        int[] byName = IntStream.range(0, functions.size())
                .boxed()
                .sorted(Comparator.comparing(i -> functions.get(i).name()))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] rank = new int[functions.size()];
        for (int i = 0; i < byName.length; i++) {
            rank[byName[i]] = i;
        }
        Packed data = new Packed().number(functions.size());
        for (int i : byName) {
            Function f = functions.get(i);
            data.number(f.kind().ordinal()).text(f.name()).text(f.module());
        }
        int columns = tree.columns();
        data.number(columns).number(tree.size());
        int[] children = new int[tree.size()];
        for (int node = 1; node < tree.size(); node++) {
            children[tree.parent(node)]++;
        }
        for (int node : tree.preorder(frame -> rank[frame])) {
            data.number(node == 0 ? 0 : rank[tree.frame(node)]).number(children[node]);
            for (int column = 0; column < columns; column++) {
                data.number(tree.value(column, node));
            }
        }
        return Page.html("flame", title, Map.of("title", title, "unit", unit), data.bytes());
    }
}

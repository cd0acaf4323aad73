package io.github.bcc4j.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what a user may have meant by a name that does not exist. */
public final class SimilarNames {
    private SimilarNames() {}

    private record Near(String name, int distance) {}

    /**
     * The names that differ from a name in a quarter of its letters at most.
     *
     * @param names those there are
     * @param name the one that is not among them
     * @param most how many to give at most
     * @return the nearest ones, the nearest first
     */
    public static List<String> of(Collection<String> names, String name, int most) {
        int far = Math.max(2, name.length() / 4);
        List<Near> near = new ArrayList<>();
        for (String other : names) {
            if (Math.abs(other.length() - name.length()) <= far) {
                int distance = distance(name, other);
                if (distance <= far) {
                    near.add(new Near(other, distance));
                }
            }
        }
        return near.stream()
                .sorted(Comparator.comparingInt(Near::distance))
                .map(Near::name)
                .distinct()
                .limit(most)
                .toList();
    }

    /** How many letters have to be changed, put in or left out (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

package io.github.bcc4j.benchmarks;

/**
 * Who takes part in a workload.
 *
 * @param language {@code java}, {@code c} or {@code python}
 * @param variant which form of the workload; {@code -} if there is one only
 */
record Contestant(String language, String variant) {
    static Contestant parse(String text) {
        String[] words = text.split(" ", 2);
        return new Contestant(words[0], words.length == 1 ? "-" : words[1]);
    }

    @Override
    public String toString() {
        return variant.equals("-") ? language : language + " " + variant;
    }
}

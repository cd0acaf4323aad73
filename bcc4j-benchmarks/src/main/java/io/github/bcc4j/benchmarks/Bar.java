package io.github.bcc4j.benchmarks;

/**
 * What one contestant may take at most of what another takes.
 *
 * @param ours whose ratio it is
 * @param theirs to whom
 * @param metric what is compared
 * @param limit the greatest ratio that meets the bar; infinite where there is none
 */
record Bar(Contestant ours, Contestant theirs, String metric, double limit) {
    boolean isSet() {
        return Double.isFinite(limit);
    }
}

package io.github.bcc4j.benchmarks;

/** Our side of a workload that stays alive: made once, then run round by round. Its own thread does the work that is measured. */
public interface Task extends AutoCloseable {
    /** How a worker makes its task. */
    @FunctionalInterface
    interface Factory {
        /**
         * Compiles, loads, fills.
         *
         * @param variant which form of the workload, such as {@code raw} or {@code typed}
         * @param size how much of it
         * @return ready for rounds
         */
        Task open(String variant, int size);
    }

    /**
     * Does the work once.
     *
     * @param report takes what was measured and seen
     */
    void round(Report report);

    @Override
    void close();
}

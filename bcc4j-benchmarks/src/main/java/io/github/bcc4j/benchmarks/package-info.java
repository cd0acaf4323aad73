/** Side-by-side runs of bcc4j, bcc's Python and C on libbcc. */
package io.github.bcc4j.benchmarks;

/** JMH benchmarks of the small parts: {@code ./bcc4j bench --jmh}. */
package io.github.bcc4j.benchmarks.jmh;

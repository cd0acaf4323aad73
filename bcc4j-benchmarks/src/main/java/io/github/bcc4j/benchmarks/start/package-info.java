/** Our sides of the workloads that are started anew each round: what a user's small program would be. */
package io.github.bcc4j.benchmarks.start;

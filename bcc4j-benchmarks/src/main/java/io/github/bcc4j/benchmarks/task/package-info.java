/** Our sides of the workloads that stay alive. */
package io.github.bcc4j.benchmarks.task;

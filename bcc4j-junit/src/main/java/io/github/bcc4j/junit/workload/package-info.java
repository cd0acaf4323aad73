/**
 * Small, deterministic pieces of work with exact counts, for programs to watch: processes, system calls, files, memory, connections,
 * network namespaces, file systems.
 */
package io.github.bcc4j.junit.workload;

/**
 * Kernel experiments as JUnit tests: {@link io.github.bcc4j.junit.BpfTest} for programs, tables and events in tests of the running
 * kernel; virtual machines with Debian's kernels, and tests inside them.
 */
package io.github.bcc4j.junit;

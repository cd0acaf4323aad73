/** Boots Debian kernels in virtual machines and runs commands and JUnit tests in them. */
package io.github.bcc4j.junit;

/** The compile process: loads libbcc, records what it would have put into the kernel. Not exported. */
package io.github.bcc4j.compile.child;

/** Names for addresses: of the kernel, of processes, of code that a run-time compiler made; and whole stacks of them. */
package io.github.bcc4j.symbol;

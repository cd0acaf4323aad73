/** Errors as data: compiler messages and verifier logs, with positions, causes and hints. */
package io.github.bcc4j.diagnostic;

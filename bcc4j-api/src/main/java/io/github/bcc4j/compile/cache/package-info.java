/** Where compiled modules are kept, and what they depend on. */
package io.github.bcc4j.compile.cache;

/** Trace Linux from Java: {@link io.github.bcc4j.BPF} is the way in. */
package io.github.bcc4j;

/** Streams of events out of the kernel, with lost events as data. */
package io.github.bcc4j.event;

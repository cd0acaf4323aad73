package io.github.bcc4j.event;

/** To come. */
public final class EventStream {
    private EventStream() {}
}

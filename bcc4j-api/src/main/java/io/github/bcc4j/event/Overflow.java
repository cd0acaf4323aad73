package io.github.bcc4j.event;

/** What an {@link EventQueue} does with an event when it is full. Events it drops itself are counted apart from those the kernel drops. */
public enum Overflow {
    /** Waits for room. Meanwhile the kernel's buffer fills, and then the kernel drops the newest: {@link EventBuffer#lost()}. */
    BLOCK,
    /** Drops the event. */
    DROP_NEWEST,
    /** Drops the event that has waited longest. */
    DROP_OLDEST
}

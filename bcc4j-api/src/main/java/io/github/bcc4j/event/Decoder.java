package io.github.bcc4j.event;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.type.Codec;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Decodes events for a handler of them.
 *
 * @param what the buffer, for messages
 * @param codec decodes
 * @param handler an {@link EventHandler}, or a {@link Consumer} of events
 * @param alsoCpu whether it is the former
 */
record Decoder(String what, Codec<?> codec, Object handler, boolean alsoCpu) implements RawEventHandler {
    @Override
    @SuppressWarnings("unchecked")
    public void event(int cpu, MemorySegment memory, long offset, int size) {
        if (size < codec.size()) {
            throw new BpfException(what + ": an event of " + size + " bytes is too short for " + codec
                    + ", which takes " + codec.size());
        }
        Object event = codec.read(memory, offset);
        if (alsoCpu) {
            ((EventHandler<Object>) handler).event(cpu, event);
        } else {
            ((Consumer<Object>) handler).accept(event);
        }
    }
}

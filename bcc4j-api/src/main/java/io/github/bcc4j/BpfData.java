package io.github.bcc4j;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.table.KernelMap;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.EventLayouts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The half of {@link BPF} that is data: the module's maps as tables and buffers of events. */
abstract sealed class BpfData extends BpfTables permits BpfAttachments {
    private final Map<String, EventBuffer<?>> buffers = new ConcurrentHashMap<>();

    BpfData(CompiledModule module, List<? extends BpfTables> lenders) {
        super(module, lenders);
    }

    /**
     * A perf event array that programs submit events to, a {@code BPF_PERF_OUTPUT}.
     *
     * @param name the table's name in the C text
     * @param event the event's Java type, usually a record
     * @param <E> the event type
     * @return an open buffer; it is closed with this at the latest
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalStateException if it is open already
     */
    public <E> PerfBuffer<E> perfBuffer(String name, Class<E> event) {
        return perfBuffer(name, event, PerfBufferOptions.DEFAULT);
    }

    /**
     * A perf event array that programs submit events to.
     *
     * @param name the table's name in the C text
     * @param event the event's Java type, usually a record
     * @param options sizes
     * @param <E> the event type
     * @return an open buffer; it is closed with this at the latest
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalStateException if it is open already
     */
    public synchronized <E> PerfBuffer<E> perfBuffer(String name, Class<E> event, PerfBufferOptions options) {
        KernelMap map = map(name).as("a perf event array", 4);
        return open(name, PerfBuffer.open(map, event(map, event), options));
    }

    /**
     * A {@code BPF_RINGBUF_OUTPUT}.
     *
     * @param name the table's name in the C text
     * @param event the event's Java type, usually a record
     * @param <E> the event type
     * @return an open buffer; it is closed with this at the latest
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalStateException if it is open already
     */
    public synchronized <E> RingBuffer<E> ringBuffer(String name, Class<E> event) {
        KernelMap map = map(name).as("a ring buffer", 27);
        return open(name, RingBuffer.open(map, event(map, event)));
    }

    private <E> Codec<E> event(KernelMap map, Class<E> event) {
        EventBuffer<?> old = buffers.get(map.name());
        if (old != null && !old.isClosed()) {
            throw new IllegalStateException(old + " is open already: close it first");
        }
        return Codecs.bind(
                event, EventLayouts.resolve(map.spec().eventFields(), types(map)), "event of \"" + map.name() + '"');
    }

    private <B extends EventBuffer<?>> B open(String name, B buffer) {
        buffers.put(name, buffer);
        return buffer;
    }

    final void closeData() {
        buffers.values().forEach(EventBuffer::close);
        loader.close();
    }
}

package io.github.bcc4j;

import io.github.bcc4j.ffm.linux.Fd;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Detaches links in reverse order. The kernel waits tens of milliseconds for each probe it takes away; many are taken away
 * side by side, a stretch at a time, so that the order still holds between stretches.
 */
final class Closing {
    private Closing() {}

    private static final int STRETCH = 32;

    static void all(List<BpfLink> links) {
        sideBySide(links.reversed(), BpfLink::close);
    }

    /** Closes the descriptors of one link, which have no order among them. */
    static void descriptors(List<Fd> fds) {
        sideBySide(fds, Fd::close);
    }

    private static <T> void sideBySide(List<T> all, Consumer<T> close) {
        for (int from = 0; from < all.size(); from += STRETCH) {
            List<T> stretch = all.subList(from, Math.min(from + STRETCH, all.size()));
            if (stretch.size() == 1) {
                close.accept(stretch.getFirst());
                continue;
            }
            // A thread for each: what waited in a queue would be given up if the calling thread was interrupted.
            try (ExecutorService threads = Executors.newFixedThreadPool(stretch.size())) {
                stretch.forEach(one -> threads.execute(() -> close.accept(one)));
            }
        }
    }
}

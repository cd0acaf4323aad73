package io.github.bcc4j;

import io.github.bcc4j.ffm.linux.Fd;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Detaches links in reverse order. The kernel waits tens of milliseconds for each probe it takes away; many are taken away
 * side by side, a stretch at a time, so that the order still holds between stretches.
 */
final class Closing {
    private Closing() {}

    private static final int STRETCH = 32;

    static void all(List<BpfLink> links) {
        List<BpfLink> reversed = links.reversed();
        for (int from = 0; from < reversed.size(); from += STRETCH) {
            stretch(reversed.subList(from, Math.min(from + STRETCH, reversed.size())));
        }
    }

    /** Closes the descriptors of one link, which have no order among them. */
    static void descriptors(List<Fd> fds) {
        if (fds.size() > 1) {
            try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(fds.size(), STRETCH))) {
                fds.forEach(fd -> threads.execute(fd::close));
            }
        } else {
            fds.forEach(Fd::close);
        }
    }

    private static void stretch(List<BpfLink> links) {
        if (links.size() == 1) {
            links.getFirst().close();
            return;
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(links.size())) {
            links.forEach(link -> threads.execute(link::close));
        }
    }
}

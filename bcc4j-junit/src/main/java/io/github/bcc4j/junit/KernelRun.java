package io.github.bcc4j.junit;

import io.github.bcc4j.junit.VmException.Reason;
import java.util.List;
import java.util.concurrent.Semaphore;

/** All classes on one kernel, in one guest as long as it lives. */
final class KernelRun implements PartRun.Guests, AutoCloseable {
    private final String kernel;
    private final int memory;
    private GuestSession guest;
    private VmException noGuest;

    private KernelRun(String kernel, int memory) {
        this.kernel = kernel;
        this.memory = memory;
    }

    /** Runs the parts one after another; each comes to an end, whatever happens. */
    static void run(String kernel, int memory, List<PartRun> parts, Semaphore places) {
        int done = 0;
        try {
            places.acquire();
            try (KernelRun run = new KernelRun(kernel, memory)) {
                for (; done < parts.size(); done++) {
                    parts.get(done).run(run);
                }
            } finally {
                places.release();
            }
        } catch (InterruptedException | RuntimeException e) {
            VmException why = new VmException(Reason.HOST, "the run of " + kernel + " was ended: " + e, null, "", e);
            parts.subList(done, parts.size()).forEach(part -> part.fail(why));
        }
    }

    @Override
    public GuestSession guest() throws InterruptedException {
        if (noGuest != null) {
            throw noGuest; // the second class need not wait for the same
        }
        if (guest == null) {
            try {
                guest = new GuestSession(KernelImage.fetch(kernel), memory);
            } catch (VmException e) {
                noGuest = e;
                throw e;
            } catch (IllegalArgumentException e) {
                noGuest = new VmException(
                        Reason.KERNEL, "@OnKernels(\"" + kernel + "\"): " + e.getMessage(), null, "", e);
                throw noGuest;
            }
        }
        return guest;
    }

    @Override
    public void lost() {
        close();
        guest = null;
    }

    @Override
    public void close() {
        if (guest != null) {
            guest.close();
        }
    }
}

package io.github.bcc4j.junit;

import io.github.bcc4j.junit.VmException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.platform.engine.EngineExecutionListener;

/** Runs one class on one kernel, by one thread, while another reports what happens. */
final class PartRun {
    /** Takes a guest for the next request; boots a fresh one if there is none. */
    interface Guests {
        GuestSession guest() throws InterruptedException;

        /** The guest is gone. */
        void lost();
    }

    private static final Consumer<EngineExecutionListener> END = listener -> {};

    private final KernelPart part;
    private final Replay replay;
    private final LinkedBlockingQueue<Consumer<EngineExecutionListener>> actions = new LinkedBlockingQueue<>();

    PartRun(KernelPart part) {
        this.part = part;
        this.replay = new Replay(part, actions::add);
    }

    KernelPart part() {
        return part;
    }

    /** Hands on what happens until all has run. */
    void report(EngineExecutionListener listener) throws InterruptedException {
        for (Consumer<EngineExecutionListener> action = actions.take(); action != END; action = actions.take()) {
            action.accept(listener);
        }
    }

    /** Nothing runs: this is why. */
    void fail(VmException why) {
        replay.fail(why);
        actions.add(END);
    }

    void run(Guests guests) throws InterruptedException {
        boolean forgiven = false;
        try {
            for (List<String> ids = replay.toDo(); !ids.isEmpty(); ids = replay.toDo()) {
                GuestSession guest = guests.guest();
                try {
                    guest.run(ids, Duration.ofSeconds(part.timeoutSeconds()), replay::on);
                    break;
                } catch (VmException lost) {
                    guests.lost();
                    // QEMU without KVM can lock a guest's CPUs up against each other, once in a while. The guest's
                    // watchdog tells.
                    boolean lockedUp =
                            lost.reason() == Reason.PANIC && lost.console().contains("softlockup");
                    if (forgiven || !lockedUp || !replay.forget()) {
                        replay.lost(lost);
                    }
                    forgiven |= lockedUp;
                }
            }
            replay.complete();
        } catch (VmException e) {
            replay.fail(e); // no guest
        } catch (RuntimeException e) {
            replay.fail(new VmException(Reason.HOST, "run tests on " + part.kernel + ": " + e, null, "", e));
        } finally {
            actions.add(END);
        }
    }
}

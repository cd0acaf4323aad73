package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.LsmSpec;
import io.github.bcc4j.attach.NetworkDevice;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.RawSocketSpec;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.attach.TracepointSpec;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.ffm.linux.Errno;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The part of {@link BPF} that names places to attach to, but for probes. */
abstract sealed class BpfAttachments extends BpfData permits BPF {
    BpfAttachments(CompiledModule module, List<? extends BpfTables> lenders) {
        super(module, lenders);
    }

    abstract BpfLink attach(AttachSpec spec, String function);

    abstract List<BpfLink> links();

    /**
     * Attaches to the entry of every traceable kernel function whose whole name matches.
     *
     * @param events which
     * @param function the function of the C text
     * @return one attachment for all where the kernel has kprobe.multi links (Linux 5.18, {@link
     *     io.github.bcc4j.kernel.Features#kprobeMulti()}), else one for each function; if one fails all are undone
     * @throws AttachException if one can't be probed
     * @throws IllegalArgumentException if none matches
     */
    public List<BpfLink> attachKprobes(Pattern events, String function) {
        return TracingAttacher.all(matching(events), false, this, function);
    }

    /**
     * Attaches to the entries of kernel functions.
     *
     * @param events their symbols
     * @param function the function of the C text
     * @return as for {@link #attachKprobes(Pattern, String)}
     * @throws AttachException if one can't be probed
     */
    public List<BpfLink> attachKprobes(Collection<String> events, String function) {
        return TracingAttacher.all(List.copyOf(events), false, this, function);
    }

    /**
     * Attaches to the return of every traceable kernel function whose whole name matches.
     *
     * @param events which
     * @param function the function of the C text
     * @return as for {@link #attachKprobes(Pattern, String)}
     * @throws AttachException if one can't be probed
     * @throws IllegalArgumentException if none matches
     */
    public List<BpfLink> attachKretprobes(Pattern events, String function) {
        return TracingAttacher.all(matching(events), true, this, function);
    }

    /**
     * Attaches to the returns of kernel functions.
     *
     * @param events their symbols
     * @param function the function of the C text
     * @return as for {@link #attachKprobes(Pattern, String)}
     * @throws AttachException if one can't be probed
     */
    public List<BpfLink> attachKretprobes(Collection<String> events, String function) {
        return TracingAttacher.all(List.copyOf(events), true, this, function);
    }

    private static List<String> matching(Pattern events) {
        List<String> targets = Probes.kernelFunctions(events);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("no traceable kernel function matches \"" + events + '"');
        }
        return targets;
    }

    List<BpfLink> oneByOne(List<String> targets, boolean returning, String function) {
        return attachAll(
                targets.stream()
                        .<AttachSpec>map(t -> new KprobeSpec(t, 0, returning, 0))
                        .toList(),
                function);
    }

    private List<BpfLink> attachAll(List<AttachSpec> places, String function) {
        return attachAll(places, place -> attach(place, function));
    }

    /** All, or none if one is refused. */
    static <T> List<BpfLink> attachAll(List<T> places, Function<? super T, BpfLink> attach) {
        List<BpfLink> made = new ArrayList<>();
        try {
            places.forEach(place -> made.add(attach.apply(place)));
            return List.copyOf(made);
        } catch (RuntimeException e) {
            Closing.all(made);
            throw e;
        }
    }

    /**
     * Attaches to the entry of the first of some kernel functions that can be probed: for those that have other names on other
     * kernels, or are inlined there.
     *
     * @param events {@code function} or {@code function+offset}, the best first
     * @param function the function of the C text
     * @return the attachment; its place tells which it is
     * @throws AttachException if none can be probed, with the reason for each
     */
    public BpfLink attachKprobeFirst(List<String> events, String function) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("no kernel function to attach to");
        }
        List<AttachException> refused = new ArrayList<>();
        for (String event : events) {
            try {
                return attach(KprobeSpec.entry(event), function);
            } catch (AttachException e) {
                if (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES || e.errno() == Errno.EMFILE) {
                    throw e; // no other name would help
                }
                refused.add(e);
            }
        }
        AttachException first = refused.getFirst();
        String reasons = refused.stream()
                .map(e -> e.hint().orElse(e.spec() + ": " + e.errnoName()))
                .collect(Collectors.joining("; "));
        throw new AttachException(
                function, first.spec(), first.errno(), "none of " + events + " can be probed: " + reasons);
    }

    /**
     * Attaches to every tracepoint whose whole {@code category:name} matches.
     *
     * @param tracepoints which
     * @param function the function of the C text
     * @return one attachment for each; if one fails all are undone
     * @throws AttachException if the kernel refuses
     * @throws IllegalArgumentException if none matches
     */
    public List<BpfLink> attachTracepoints(Pattern tracepoints, String function) {
        List<String> found = Probes.tracepoints(tracepoints);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no tracepoint matches \"" + tracepoints + '"');
        }
        return attachAll(found.stream().<AttachSpec>map(TracepointSpec::of).toList(), function);
    }

    /**
     * Attaches to the entry of a kernel function by its type; the C function is made by {@code KFUNC_PROBE} or {@code BPF_PROG}.
     *
     * @param target {@code function}, or {@code module:function}
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachFentry(String target, String function) {
        return attach(FentrySpec.entry(target), function);
    }

    /**
     * Attaches to the return of a kernel function by its type; the C function is made by {@code KRETFUNC_PROBE} or {@code BPF_PROG}.
     *
     * @param target {@code function}, or {@code module:function}
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachFexit(String target, String function) {
        return attach(FentrySpec.exit(target), function);
    }

    /**
     * Attaches to a hook of the Linux security modules; the C function is made by {@code LSM_PROBE} or {@code BPF_PROG}.
     *
     * @param hook its name
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachLsm(String hook, String function) {
        return attach(new LsmSpec(hook), function);
    }

    /**
     * Attaches to things of the kernel, to go through them by reading.
     *
     * @param place what
     * @param function the function of the C text
     * @return the iterator
     */
    public BpfIterator attachIterator(IteratorSpec place, String function) {
        return new BpfIterator(attach(place, function));
    }

    /**
     * The iterator that a function of the C text was attached as by its name, {@code BPF_ITER(task)}.
     *
     * @param target what it goes through: {@code task}
     * @return the iterator
     * @throws IllegalArgumentException if there is none
     */
    public BpfIterator iterator(String target) {
        return links().stream()
                .filter(l -> l.spec() instanceof IteratorSpec i && i.target().equals(target))
                .findFirst()
                .map(BpfIterator::new)
                .orElseThrow(() -> new IllegalArgumentException("no function is attached as an iterator of \"" + target
                        + "\"; BPF_ITER(" + target + ") would be"));
    }

    /**
     * Runs a function as a filter of all packets that a network device sends and receives, and reads those it lets through.
     *
     * @param device a device of this process's network namespace
     * @param function the function of the C text; it returns how many bytes to keep, 0 for none
     * @return the packets
     */
    public RawSocket attachRawSocket(String device, String function) {
        return attachRawSocket(NetworkDevice.of(device), function);
    }

    /**
     * Runs a function as a filter of all packets that a network device sends and receives, and reads those it lets through.
     *
     * @param device the device
     * @param function the function of the C text; it returns how many bytes to keep, 0 for none
     * @return the packets
     */
    public RawSocket attachRawSocket(NetworkDevice device, String function) {
        BpfLink link = attach(new RawSocketSpec(device), function);
        try {
            return new RawSocket(link);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /**
     * Attaches to what a network device receives, before the kernel sees it, by the driver if it can.
     *
     * @param device a device of this process's network namespace
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachXdp(String device, String function) {
        return attach(XdpSpec.of(device), function);
    }

    /**
     * Attaches to what a network device receives, with its socket buffers.
     *
     * @param device a device of this process's network namespace
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachTcIngress(String device, String function) {
        return attach(TcSpec.ingress(device), function);
    }

    /**
     * Attaches to what a network device sends, with its socket buffers.
     *
     * @param device a device of this process's network namespace
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachTcEgress(String device, String function) {
        return attach(TcSpec.egress(device), function);
    }
}

package io.github.bcc4j.junit;

import io.github.bcc4j.kernel.Features;
import java.util.function.Supplier;

/** What a kernel may have or lack, for {@link RequiresFeature}; each as {@link Features} finds it out. */
public enum KernelFeature {
    /** Probes at instructions of the kernel: {@link Features#kprobe()}. */
    KPROBE(Features::kprobe),
    /** Many kprobes through one link: {@link Features#kprobeMulti()}. */
    KPROBE_MULTI(Features::kprobeMulti),
    /** Probes at instructions of processes: {@link Features#uprobe()}. */
    UPROBE(Features::uprobe),
    /** Many uprobes through one link: {@link Features#uprobeMulti()}. */
    UPROBE_MULTI(Features::uprobeMulti),
    /** Static trace points: {@link Features#tracepoint()}. */
    TRACEPOINT(Features::tracepoint),
    /** Kernel functions by their types: {@link Features#fentry()}. */
    FENTRY(Features::fentry),
    /** Hooks of security modules: {@link Features#lsm()}. */
    LSM(Features::lsm),
    /** Iterators: {@link Features#iterator()}. */
    ITERATOR(Features::iterator),
    /** XDP through links: {@link Features#xdp()}. */
    XDP(Features::xdp),
    /** Traffic control through links: {@link Features#tcx()}. */
    TCX(Features::tcx),
    /** Links to cgroups: {@link Features#cgroup()}. */
    CGROUP(Features::cgroup),
    /** Ring buffers: {@link Features#ringBuffer()}. */
    RING_BUFFER(Features::ringBuffer),
    /** The kernel's own type information: {@link Features#btf()}. */
    BTF(Features::btf);

    private final Supplier<Features.Result> probe;

    KernelFeature(Supplier<Features.Result> probe) {
        this.probe = probe;
    }

    /**
     * Looks whether the running kernel has it.
     *
     * @return the answer, and how it is known
     */
    public Features.Result probe() {
        return probe.get();
    }
}

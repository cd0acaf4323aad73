package io.github.bcc4j;

/** The running kernel lacks a feature: too old, or built without it. */
public class UnsupportedByKernelException extends BpfException {
    private static final long serialVersionUID = 1;

    /** What is missing. */
    private final String feature;
    /** The kernel version it came with. */
    private final String since;

    /**
     * A missing feature.
     *
     * @param feature what is missing: {@code kprobe}
     * @param since the kernel version it came with: {@code 4.1}
     * @param why how it is known to be missing
     */
    public UnsupportedByKernelException(String feature, String since, String why) {
        this(feature, since, why, null);
    }

    /**
     * A missing feature, and what may do in its stead.
     *
     * @param feature what is missing: {@code kprobe}
     * @param since the kernel version it came with: {@code 4.1}
     * @param why how it is known to be missing
     * @param hint what would help, or null
     */
    public UnsupportedByKernelException(String feature, String since, String why, String hint) {
        super(feature + " is not supported by this kernel: " + why + " (in Linux since " + since + ")", hint, null);
        this.feature = feature;
        this.since = since;
    }

    /**
     * The feature's name.
     *
     * @return as the kernel's documents name it
     */
    public String feature() {
        return feature;
    }

    /**
     * The kernel version the feature came with.
     *
     * @return {@code major.minor}
     */
    public String since() {
        return since;
    }
}

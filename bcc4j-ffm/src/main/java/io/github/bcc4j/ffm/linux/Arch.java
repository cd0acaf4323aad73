package io.github.bcc4j.ffm.linux;

/** The processor architectures whose system-call numbers and ELF relocation numbers are known here. */
public enum Arch {
    /** x86-64. */
    X86_64("x86", 7, 6, 321, 298, 16, 9, 11, 3, 0, 1, 291, 233, 281, 290, 72, 302, 157, 41, 49, 186, 434),
    /** 64-bit Arm. */
    AARCH64("arm64", 1026, 1025, 280, 241, 29, 222, 215, 57, 63, 64, 20, 21, 22, 19, 25, 261, 167, 198, 200, 178, 434);

    private final String kernelName;
    final int relocJumpSlot;
    final int relocGlobDat;
    final int bpf;
    final int perfEventOpen;
    final int ioctl;
    final int mmap;
    final int munmap;
    final int close;
    final int read;
    final int write;
    final int epollCreate1;
    final int epollCtl;
    final int epollPwait;
    final int eventfd2;
    final int fcntl;
    final int prlimit64;
    final int prctl;
    final int socket;
    final int bind;
    final int gettid;
    final int pidfdOpen;

    Arch(
            String kernelName,
            int relocJumpSlot,
            int relocGlobDat,
            int bpf,
            int perfEventOpen,
            int ioctl,
            int mmap,
            int munmap,
            int close,
            int read,
            int write,
            int epollCreate1,
            int epollCtl,
            int epollPwait,
            int eventfd2,
            int fcntl,
            int prlimit64,
            int prctl,
            int socket,
            int bind,
            int gettid,
            int pidfdOpen) {
        this.kernelName = kernelName;
        this.relocJumpSlot = relocJumpSlot;
        this.relocGlobDat = relocGlobDat;
        this.bpf = bpf;
        this.perfEventOpen = perfEventOpen;
        this.ioctl = ioctl;
        this.mmap = mmap;
        this.munmap = munmap;
        this.close = close;
        this.read = read;
        this.write = write;
        this.epollCreate1 = epollCreate1;
        this.epollCtl = epollCtl;
        this.epollPwait = epollPwait;
        this.eventfd2 = eventfd2;
        this.fcntl = fcntl;
        this.prlimit64 = prlimit64;
        this.prctl = prctl;
        this.socket = socket;
        this.bind = bind;
        this.gettid = gettid;
        this.pidfdOpen = pidfdOpen;
    }

    private static final Arch CURRENT = of(System.getProperty("os.arch"));

    /**
     * The architecture this JVM runs on.
     *
     * @return never null
     */
    public static Arch current() {
        return CURRENT;
    }

    static Arch of(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default ->
                throw new UnsupportedOperationException(
                        "bcc4j knows the system calls of x86-64 and aarch64 Linux, not of "
                                + System.getProperty("os.name") + " on " + osArch);
        };
    }

    /**
     * The name the kernel's source tree uses: {@code x86}, {@code arm64}.
     *
     * @return the folder name below {@code arch/}
     */
    public String kernelName() {
        return kernelName;
    }

    /**
     * The ELF relocation type of a procedure linkage slot.
     *
     * @return {@code R_*_JUMP_SLOT}
     */
    public int relocJumpSlot() {
        return relocJumpSlot;
    }

    /**
     * The ELF relocation type of a global offset table entry.
     *
     * @return {@code R_*_GLOB_DAT}
     */
    public int relocGlobDat() {
        return relocGlobDat;
    }
}

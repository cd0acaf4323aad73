package io.github.bcc4j.ffm.linux;

/** The processor architectures whose system-call numbers and ELF relocation numbers are known here. */
public enum Arch {
    /** x86-64. */
    X86_64("x86", 7, 6),
    /** 64-bit Arm. */
    AARCH64("arm64", 1026, 1025);

    private static final Arch CURRENT = of(System.getProperty("os.arch"));

    private final String kernelName;
    private final int relocJumpSlot;
    private final int relocGlobDat;

    Arch(String kernelName, int relocJumpSlot, int relocGlobDat) {
        this.kernelName = kernelName;
        this.relocJumpSlot = relocJumpSlot;
        this.relocGlobDat = relocGlobDat;
    }

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

package io.github.bcc4j.attach;

/**
 * A hook of the Linux security modules: the program returns 0 to let happen what the hook is asked about, or a negative error number.
 *
 * <p>Kernel floor: 5.7, with {@code CONFIG_BPF_LSM} and {@code bpf} among the active modules (boot parameter {@code lsm=}).
 *
 * @param hook its name: {@code file_open}, {@code bprm_check_security}
 */
public record LsmSpec(String hook) implements AttachSpec {
    /** Checks the name. */
    public LsmSpec {
        if (!hook.matches("\\w+")) {
            throw new IllegalArgumentException("not a hook of security modules: \"" + hook + '"');
        }
    }

    @Override
    public ProgramType programType() {
        return ProgramType.LSM;
    }

    @Override
    public String toString() {
        return "lsm:" + hook;
    }
}

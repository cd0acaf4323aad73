package io.github.bcc4j.attach;

import java.util.Objects;
import java.util.Set;

/**
 * A kernel function by its type: the program gets its arguments as they are declared, at almost no cost.
 *
 * <p>Kernel floor: 5.5 on x86-64 with BTF, 6.0 on 64-bit Arm; {@link ProgramType#FMOD_RET} 5.7; modules 5.11, and CAP_SYS_ADMIN.
 *
 * @param module the module that has the function, empty for the kernel proper
 * @param function its name
 * @param programType {@link ProgramType#FENTRY}: when it is entered. {@link ProgramType#FEXIT}: when it returns, with the result behind
 *     the arguments. {@link ProgramType#FMOD_RET}: before it is entered; anything but 0 is returned in its stead. The kernel allows
 *     this for few functions: those of security modules, and those marked for error injection.
 */
public record FentrySpec(String module, String function, ProgramType programType) implements AttachSpec {
    private static final Set<ProgramType> TYPES = Set.of(ProgramType.FENTRY, ProgramType.FEXIT, ProgramType.FMOD_RET);

    /** Checks the parts. */
    public FentrySpec {
        Objects.requireNonNull(programType, "programType");
        if (!module.matches("\\w*")) {
            throw new IllegalArgumentException("not a kernel module: \"" + module + '"');
        }
        if (!function.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
            throw new IllegalArgumentException("not a kernel function: \"" + function + '"');
        }
        if (!TYPES.contains(programType)) {
            throw new IllegalArgumentException(
                    "a program of type " + programType + " is not attached so; the types are FENTRY, FEXIT, FMOD_RET");
        }
    }

    /**
     * The entry of a function.
     *
     * @param function {@code function}, or {@code module:function}
     * @return the place
     */
    public static FentrySpec entry(String function) {
        return of(function, ProgramType.FENTRY);
    }

    /**
     * The return of a function.
     *
     * @param function {@code function}, or {@code module:function}
     * @return the place
     */
    public static FentrySpec exit(String function) {
        return of(function, ProgramType.FEXIT);
    }

    /**
     * A function's result, before it is called.
     *
     * @param function {@code function}, or {@code module:function}
     * @return the place
     */
    public static FentrySpec modifyReturn(String function) {
        return of(function, ProgramType.FMOD_RET);
    }

    private static FentrySpec of(String function, ProgramType type) {
        int colon = function.indexOf(':');
        return colon < 0
                ? new FentrySpec("", function, type)
                : new FentrySpec(function.substring(0, colon), function.substring(colon + 1), type);
    }

    @Override
    public String toString() {
        return programType + ":" + (module.isEmpty() ? "" : module + ":") + function;
    }
}

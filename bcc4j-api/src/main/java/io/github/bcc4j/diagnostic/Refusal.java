package io.github.bcc4j.diagnostic;

import java.util.Optional;
import java.util.regex.Pattern;

/** Why the verifier refuses programs: the common causes, each with what to do. */
public enum Refusal {
    /** A pointer from a map lookup is used before it is known not to be null. */
    NULL_CHECK(
            "(map_value|mem|sock|ptr_?)\\w*_or_null|possibly NULL pointer|null-check it first|invalid mem access '\\w*_or_null'",
            "check the pointer first: if (!p) return 0;"),
    /** A helper that only GPL programs may call. */
    GPL_ONLY(
            "cannot call GPL-restricted function",
            "the program's licence must be GPL-compatible: leave #define BPF_LICENSE out, or set it to GPL"),
    /** A helper that this type of program may not call. */
    HELPER_NOT_ALLOWED(
            "unknown func|cannot use helper|helper call is not allowed|invalid func ",
            "this helper does not exist on this kernel, or not for this type of program: see bpf-helpers(7)"),
    /** A loop without a bound that the verifier can see. */
    UNBOUNDED_LOOP(
            "back-edge from insn|infinite loop detected|loop is not bounded",
            "give the loop a constant bound, or unroll it: #pragma unroll. Bounded loops need Linux 5.3"),
    /** More instructions or branches than the verifier walks through. */
    TOO_COMPLEX(
            "program is too large|too many (instructions|branches|states)|is too complex|exceeds \\d+ instructions|BPF program too large",
            "make the program smaller: fewer unrolled iterations, fewer branches, or split it up by tail calls"),
    /** Stack memory is read before it is written. */
    UNINITIALIZED_STACK(
            "invalid (indirect )?(access|read) (to|from) stack|invalid indirect read from stack|invalid read from stack",
            "set the whole variable before it is used: struct key k = {}; padding counts too, so prefer = {} to setting each member"),
    /** More stack than there is. */
    STACK_TOO_LARGE(
            "combined stack size|invalid stack (type|access)|invalid write to stack|stack depth",
            "a program has 512 bytes of stack: keep large variables in a BPF_PERCPU_ARRAY of one element"),
    /** An access beyond a map value, a packet or other memory. */
    OUT_OF_BOUNDS(
            "invalid access to (map value|packet|memory|mem)|outside of the (allowed|array) (memory )?range|out of bounds|makes .* pointer be out of bounds|"
                    + "unbounded memory access|min value is negative",
            "check the index or size against its limit right before the access: if (i >= MAX) return 0;"),
    /** Arithmetic on a pointer that must not be changed. */
    POINTER_ARITHMETIC(
            "pointer arithmetic|pointer \\S+ pointer prohibited|pointer operation prohibited|bit-?wise operator .* on pointer|partial spill|dereference of modified",
            "do arithmetic on integers; of two pointers only the difference within one packet is allowed"),
    /** The context is read where it has no field. */
    CONTEXT_ACCESS(
            "invalid bpf_context access",
            "this program type's context has no field there: is the function attached as the type it is written for?"),
    /** A register is used before it is set. */
    UNINITIALIZED_REGISTER(
            "!read_ok|frame pointer is read only", "a variable is used, or returned, before it is set on some path"),
    /** A helper is given something else than it takes. */
    BAD_ARGUMENT(
            "type=\\S+ expected=",
            "the helper takes memory of the program here, on the stack or in a map value, or its context"),
    /** Memory of the kernel or of a process is read directly. */
    MISSING_PROBE_READ(
            "invalid mem access '(inv|scalar|unknown|ptr_|rdonly_untrusted)|R\\d+ invalid mem access|access is invalid|pointer comparison prohibited",
            "memory outside of the program can't be read directly: bpf_probe_read_kernel(&x, sizeof(x), p) for the kernel's,"
                    + " bpf_probe_read_user for a process's"),
    /** The process may not do what the program does. */
    PRIVILEGE("not allowed for !root|for non-root|CAP_|leaks addr", "the process needs CAP_BPF and CAP_PERFMON"),
    /** Something else. */
    OTHER("$.^", null);

    private final Pattern text;
    private final String hint;

    Refusal(String text, String hint) {
        this.text = Pattern.compile(text);
        this.hint = hint;
    }

    /**
     * What to do about it.
     *
     * @return a sentence, empty for {@link #OTHER}
     */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    static Refusal of(String message) {
        for (Refusal r : values()) {
            if (r.text.matcher(message).find()) {
                return r;
            }
        }
        return OTHER;
    }
}

package io.github.bcc4j.type;

import io.github.bcc4j.UnsupportedByKernelException;
import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import io.github.bcc4j.headers.KernelTypes;
import io.github.bcc4j.kernel.KernelTarget;
import java.util.OptionalLong;

/**
 * Whether a kernel has a struct, a field, a constant: so that one tool can serve many kernels. Answered from the kernel's own type
 * information (BTF). Immutable and thread-safe.
 */
public final class KernelStructs {
    private static final int DEEPEST = 32;

    private final RawBtf types;

    private KernelStructs(RawBtf types) {
        this.types = types;
    }

    /**
     * Those of the running kernel.
     *
     * @return its types
     * @throws UnsupportedByKernelException if it has no BTF
     */
    public static KernelStructs running() {
        return of(KernelTarget.running());
    }

    /**
     * Those of a kernel.
     *
     * @param target the kernel
     * @return its types, without those of modules
     * @throws UnsupportedByKernelException if it has no BTF
     */
    public static KernelStructs of(KernelTarget target) {
        return new KernelStructs(KernelTypes.of(target)
                .orElseThrow(() -> new UnsupportedByKernelException(
                        "kernel types",
                        "4.18",
                        "the types of kernel " + target.release() + " are not known: it has no BTF here"))
                .kernel());
    }

    /**
     * Whether there is a struct or union.
     *
     * @param struct its tag: {@code task_struct}
     * @return false if there is none, or it is only declared
     */
    public boolean hasStruct(String struct) {
        return types.record(struct) != 0;
    }

    /**
     * Whether a struct has a field.
     *
     * @param struct the tag of a struct or union
     * @param field the field; {@code a.b} for one in a struct that is a field itself. Those of nameless structs count
     * @return false also if there is no such struct
     */
    public boolean hasField(String struct, String field) {
        return offset(struct, field).isPresent();
    }

    /**
     * Where a field begins.
     *
     * @param struct the tag of a struct or union
     * @param field as for {@link #hasField}
     * @return its offset in bits; empty if there is none
     */
    public OptionalLong offset(String struct, String field) {
        int id = types.record(struct);
        long offset = 0;
        for (String part : field.split("\\.", -1)) {
            Member member = id == 0 ? null : member(id, part, 0);
            if (member == null) {
                return OptionalLong.empty();
            }
            offset += member.offset;
            id = types.resolved(member.type);
        }
        return OptionalLong.of(offset);
    }

    private record Member(int type, long offset) {}

    private Member member(int id, String name, int depth) {
        if (depth > DEEPEST || types.kind(id) != Kind.STRUCT && types.kind(id) != Kind.UNION) {
            return null;
        }
        for (int i = 0; i < types.count(id); i++) {
            int type = types.partType(id, i);
            String found = types.partName(id, i);
            if (found.equals(name) && !name.isEmpty()) {
                return new Member(type, types.bitOffset(id, i));
            }
            Member inside = found.isEmpty() ? member(types.resolved(type), name, depth + 1) : null;
            if (inside != null) {
                return new Member(inside.type, types.bitOffset(id, i) + inside.offset);
            }
        }
        return null;
    }

    /**
     * The value of a constant of an enumeration, also of one without a name.
     *
     * @param constant its name: {@code BPF_FUNC_ringbuf_output}
     * @return its value; empty if there is none
     */
    public OptionalLong constant(String constant) {
        int id = types.enumerationOf(constant);
        return id == 0 ? OptionalLong.empty() : constant(id, constant);
    }

    /**
     * Whether an enumeration has a constant.
     *
     * @param enumeration its tag: {@code bpf_func_id}
     * @param constant the constant
     * @return false also if there is no such enumeration
     */
    public boolean hasConstant(String enumeration, String constant) {
        int id = types.enumeration(enumeration);
        return id != 0 && constant(id, constant).isPresent();
    }

    private OptionalLong constant(int id, String name) {
        for (int i = 0; i < types.count(id); i++) {
            if (types.partName(id, i).equals(name)) {
                return OptionalLong.of(types.constant(id, i));
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Whether there is a function whose parameters are known, which is what fentry needs.
     *
     * @param function its name
     * @return true if so
     */
    public boolean hasFunction(String function) {
        return types.function(function) != 0;
    }
}

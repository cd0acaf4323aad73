package io.github.bcc4j.headers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.TypeSource;
import io.github.bcc4j.kernel.KernelTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Has clang lay out a kernel's structs as we write them, and compares with what the kernel says of itself. */
final class KernelLayouts {
    private final KernelTarget target;
    private final RawBtf types;
    private final Shape shape;

    KernelLayouts(KernelTarget target) {
        this.target = target;
        this.types = KernelTypes.of(target).orElseThrow().kernel();
        this.shape = new Shape(types);
    }

    /** The ids of all structs and unions that a name finds. */
    List<Integer> all() {
        List<Integer> ids = new ArrayList<>();
        for (int id = 1; id < types.end(); id++) {
            boolean record = types.kind(id) == Kind.STRUCT || types.kind(id) == Kind.UNION;
            if (record && !types.name(id).isEmpty() && types.record(types.name(id)) == id) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** Checks some of them in one compile. Members are asserted on where offsetof can reach them, bit-fields by the compiler's own BTF. */
    void check(List<Integer> ids) {
        StringBuilder source = new StringBuilder();
        StringBuilder members = new StringBuilder();
        for (int id : ids) {
            String tag = tag(id);
            source.append("_Static_assert(sizeof(").append(tag).append(") == ").append(types.size(id));
            source.append(", \"size of ").append(tag).append("\");\n");
            offsets(source, id, id, 0);
            members.append(tag).append(" m").append(id).append(";\n");
        }
        source.append("union all_of_them {\n").append(members).append("};\nBPF_ARRAY(a, union all_of_them, 1);\n");
        source.append("int f(void *ctx) { return 0; }\n");
        CompiledModule module = Compiler.compile(
                source.toString(), CompilerOptions.DEFAULT.withTarget(target).withTypesFrom(TypeSource.BTF));
        RawBtf compiled = RawBtf.parse(ByteBuffer.wrap(module.btf()));
        for (int id : ids) {
            int its = compiled.record(types.name(id));
            assertThat(bitFields(compiled, its, 0)).as(tag(id)).isEqualTo(bitFields(types, id, 0));
        }
    }

    private String tag(int id) {
        return (types.kind(id) == Kind.UNION ? "union " : "struct ") + types.name(id);
    }

    private void offsets(StringBuilder source, int outer, int id, long start) {
        if (shape.plan(id).opaque()) {
            return;
        }
        for (int i = 0; i < types.count(id); i++) {
            String name = types.partName(id, i);
            long offset = start + types.bitOffset(id, i);
            if (name.isEmpty() && shape.bits(id, i) == 0) {
                offsets(source, outer, types.resolved(types.partType(id, i)), offset);
            } else if (shape.bits(id, i) == 0) {
                source.append("_Static_assert(__builtin_offsetof(")
                        .append(tag(outer))
                        .append(", ")
                        .append(name);
                source.append(") == ").append(offset / 8).append(", \"\");\n");
            }
        }
    }

    /** Names, offsets and widths of bit-fields, also in anonymous members. */
    private static Set<String> bitFields(RawBtf types, int id, long start) {
        Shape shape = new Shape(types);
        Set<String> found = new TreeSet<>();
        for (int i = 0; i < types.count(id); i++) {
            int bits = shape.bits(id, i);
            long offset = start + types.bitOffset(id, i);
            int type = types.resolved(types.partType(id, i));
            if (bits > 0 && !types.partName(id, i).isEmpty()) {
                found.add(types.partName(id, i) + " at " + offset + ": " + bits);
            } else if (types.partName(id, i).isEmpty() && bits == 0) {
                found.addAll(bitFields(types, type, offset));
            }
        }
        return found;
    }

    /** Those that C can't express. */
    List<String> opaque() {
        return all().stream()
                .filter(id -> shape.plan(id).opaque())
                .map(this::tag)
                .collect(Collectors.toList());
    }
}

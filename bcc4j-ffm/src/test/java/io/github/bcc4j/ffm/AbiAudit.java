package io.github.bcc4j.ffm;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.ValueLayout;

/** Asserts that what Java binds is what a header declares. */
final class AbiAudit {
    private final HeaderAssertions assertions;

    AbiAudit(HeaderAssertions assertions) {
        this.assertions = assertions;
    }

    /** Number and kind of the parameters, and the result: signed or not does not matter, width does. */
    void function(String name, FunctionDescriptor descriptor) {
        StringBuilder shape = new StringBuilder()
                .append(descriptor.returnLayout().map(AbiAudit::kind).orElse('v'));
        descriptor.argumentLayouts().forEach(a -> shape.append(kind(a)));
        String bound = descriptor.toMethodType().toString().replace("MemorySegment", "pointer");
        assertions.add("shape<decltype(" + name + ")>::is(\"" + shape + "\")", name + " is bound as " + bound);
    }

    /** As {@link #function}, for a type that points to a function. */
    void callback(String name, FunctionDescriptor descriptor) {
        function(name + "{}", descriptor);
    }

    void struct(String name, GroupLayout layout) {
        assertions.add(
                "sizeof(struct " + name + ") == " + layout.byteSize(),
                "struct " + name + " is bound with " + layout.byteSize() + " bytes");
        members(name, layout, 0);
    }

    private void members(String struct, GroupLayout layout, long base) {
        long offset = base;
        for (MemoryLayout member : layout.memberLayouts()) {
            String name = member.name().orElse("");
            if (member instanceof GroupLayout anonymous && name.startsWith("$anon$")) {
                members(struct, anonymous, offset);
            } else if (!(member instanceof PaddingLayout)) {
                member(struct, name, offset, member);
            }
            if (layout instanceof java.lang.foreign.StructLayout) {
                offset += member.byteSize();
            }
        }
    }

    private void member(String struct, String name, long offset, MemoryLayout layout) {
        String where = "struct " + struct + "." + name + " is bound ";
        assertions.add("offsetof(struct " + struct + ", " + name + ") == " + offset, where + "at offset " + offset);
        String type = "decltype(" + struct + "::" + name + ")";
        assertions.add("sizeof(" + type + ") == " + layout.byteSize(), where + "with " + layout.byteSize() + " bytes");
        if (layout instanceof ValueLayout value) {
            assertions.add(
                    "kind<" + type + ">::value == '" + kind(value) + "'",
                    where + "as " + value.carrier().getSimpleName());
        }
    }

    void constant(String name, long value) {
        assertions.add(name + " == " + value, name + " is bound as " + value);
    }

    private static char kind(MemoryLayout layout) {
        return switch (layout) {
            case AddressLayout a -> 'p';
            case ValueLayout.OfBoolean b -> 'b';
            case ValueLayout.OfFloat f -> 'f';
            case ValueLayout.OfDouble d -> 'd';
            case ValueLayout v -> (char) ('0' + v.byteSize());
            default -> '?';
        };
    }
}

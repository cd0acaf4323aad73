package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CText.Position;
import io.github.bcc4j.compile.child.Engine;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A hidden map that carries a text's types into the BTF, which else has only those of keys and values. */
final class TypeCarrier {
    /** Where it seems to come from; never the user's. */
    static final String FILE = "/bcc4j/types";

    private TypeCarrier() {}

    /**
     * A map whose value type is a union of all the types, and a function: without a function LLVM makes no BTF at all. Both are dropped
     * from the module.
     */
    static String text(Collection<String> types) {
        StringBuilder members = new StringBuilder("char none;");
        int n = 0;
        for (String type : types) {
            members.append(' ').append(type).append(" t").append(n++).append(';');
        }
        return SourceText.directive(new Position(FILE, 1)) + "union " + Engine.CARRIER + "_u { " + members
                + " };\nBPF_ARRAY(" + Engine.CARRIER + ", union " + Engine.CARRIER + "_u, 1);\nint " + Engine.CARRIER
                + "_f(void *ctx) { return 0; }\n";
    }

    /** The types that are left after an exception: without those it names, or without a carrier if it names none. */
    static Optional<Set<String>> without(Optional<Set<String>> carried, CompileException e) {
        List<Diagnostic> blamed =
                e.diagnostics().stream().filter(d -> d.file().equals(FILE)).toList();
        if (carried.isEmpty() || blamed.isEmpty()) {
            return carried;
        }
        Set<String> left = new LinkedHashSet<>(carried.get());
        left.removeIf(type -> blamed.stream().anyMatch(d -> d.message().contains("'" + type + "'")));
        return left.size() < carried.get().size() ? Optional.of(left) : Optional.empty();
    }
}

package io.github.bcc4j.headers;

import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import io.github.bcc4j.kernel.KernelTarget;
import io.github.bcc4j.kernel.KernelVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Makes the one header that stands for all kernel headers of one program. */
final class HeaderText {
    private static final Set<String> ALWAYS = Compat.list("always.txt");
    private static final Set<String> FORWARD = Compat.list("forward.txt");
    private static final String ARCH = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86";

    /** What holds for the kernels of which the configuration is not known. */
    private static final Map<String, String> USUAL = Map.of(
            "CONFIG_BPF_SYSCALL", "y",
            "CONFIG_ARCH_HAS_SYSCALL_WRAPPER", "y",
            "CONFIG_FUNCTION_TRACER", "y",
            "CONFIG_NET_NS", "y",
            "CONFIG_64BIT", "y",
            "CONFIG_SMP", "y");

    private static final String PREAMBLE = """
            #ifndef BCC4J_KERNEL
            #define BCC4J_KERNEL
            #pragma clang system_header
            #define _UAPI__LINUX_BPF_H__
            #define __LINUX_BPF_H__
            #define inline inline __attribute__((__gnu_inline__, __unused__))
            #define __inline inline
            #define __inline__ inline
            #define __always_inline inline __attribute__((__always_inline__))
            """;

    private final RawBtf types;
    private final boolean searchedModules;
    private final KernelTarget target;
    private final SourceNames names;
    private final Set<String> own = new HashSet<>();
    private final Set<Compat.Entry> chosen = new LinkedHashSet<>();
    private final Set<String> searched = new HashSet<>();

    private HeaderText(KernelTypes kernel, SourceNames names) {
        this.target = kernel.target();
        this.names = names;
        Set<String> missing = new TreeSet<>(names.tags());
        missing.removeAll(names.ownTags());
        missing.removeIf(
                tag -> kernel.kernel().record(tag) != 0 || kernel.kernel().enumeration(tag) != 0);
        this.searchedModules = !missing.isEmpty();
        this.types =
                missing.isEmpty() ? kernel.kernel() : kernel.moduleWith(missing).orElse(kernel.kernel());
        own.addAll(names.ownMacros());
        own.addAll(names.ownNames());
    }

    /**
     * A program's header.
     *
     * @param text the C
     * @param types the tags of the structs and unions defined there that the program uses
     * @param btf where they are from
     * @param modules whether the kernel's modules were searched
     */
    record Result(String text, Set<String> types, RawBtf btf, boolean modules) {}

    static Result of(KernelTypes kernel, SourceNames names) {
        return new HeaderText(kernel, names).write();
    }

    private Result write() {
        Set<String> named = Set.copyOf(names.tags());
        names.addUsed(String.join(" ", ALWAYS));
        names.tags().addAll(ALWAYS);
        List.copyOf(names.words()).forEach(this::choose);
        TypeWriter writer = new TypeWriter(types, new Names(types, names.ownTags(), names.ownNames()), names.members());
        for (String tag : sorted(names.tags())) {
            define(writer, names.ownTags().contains(tag) ? 0 : types.record(tag));
            define(writer, names.ownTags().contains(tag) ? 0 : types.enumeration(tag));
        }
        for (String word : sorted(names.words())) {
            if (!own.contains(word)) {
                define(writer, types.typedef(word));
                define(writer, types.enumerationOf(word));
            }
        }
        StringBuilder out = new StringBuilder(PREAMBLE);
        config(out);
        Set<String> flagMacros = names.flagMacros();
        flagMacros.forEach(m -> out.append("#pragma push_macro(\"")
                .append(m)
                .append("\")\n#undef ")
                .append(m)
                .append('\n'));
        FORWARD.forEach(tag -> out.append("struct ").append(tag).append(";\n"));
        out.append(writer.text());
        chosen.forEach(entry -> out.append(entry.text()));
        flagMacros.forEach(m -> out.append("#pragma pop_macro(\"").append(m).append("\")\n"));
        Set<String> used = new TreeSet<>(writer.roots());
        used.removeIf(tag -> ALWAYS.contains(tag.substring(tag.indexOf(' ') + 1))
                && !named.contains(tag.substring(tag.indexOf(' ') + 1)));
        return new Result(out.append("#endif\n").toString(), used, types, searchedModules);
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static void define(TypeWriter writer, int id) {
        if (id != 0) {
            writer.define(id);
        }
    }

    /** Chooses the compat entry of a name, after those it uses. */
    private void choose(String word) {
        if (own.contains(word) || !searched.add(word)) {
            return;
        }
        for (Compat.Entry entry : Compat.standard().entries(word)) {
            boolean known = entry.constants()
                    && (types.enumerationOf(word) != 0 || names.ownMembers().contains(word));
            if (known || chosen.contains(entry)) {
                return;
            }
            if (entry.conditions().stream().allMatch(this::holds)) {
                names.addUsed(entry.text());
                SourceNames.wordsOf(entry.text()).forEach(this::choose);
                chosen.add(entry);
                return;
            }
        }
    }

    private boolean holds(String condition) {
        if (condition.startsWith("!")) {
            return !holds(condition.substring(1).strip());
        }
        String[] parts = condition.split("\\s+");
        return switch (parts[0]) {
            case "type" ->
                types.record(parts[1]) != 0 || types.enumeration(parts[1]) != 0 || types.typedef(parts[1]) != 0;
            case "constant" -> types.enumerationOf(parts[1]) != 0;
            case "field" -> hasField(parts[1].split("\\."));
            case "config" -> setting(parts[1]).isPresent();
            case "arch" -> ARCH.equals(parts[1]);
            case "version" -> {
                KernelVersion bound = KernelVersion.parse(parts[2]);
                boolean atLeast = target.versionCode() >= (bound.major() << 16 | bound.minor() << 8 | bound.patch());
                yield parts[1].equals(">=") == atLeast;
            }
            default -> throw new IllegalStateException("bcc4j's own compat files have a condition " + condition);
        };
    }

    private boolean hasField(String[] path) {
        int type = types.record(path[0]);
        for (int i = 1; i < path.length && type != 0; i++) {
            type = member(type, path[i], 0);
        }
        return type != 0;
    }

    /** The type of a member, also of one in an anonymous member; 0 if there is none. */
    private int member(int record, String name, int depth) {
        int id = types.resolved(record);
        if (depth > 16 || types.kind(id) != Kind.STRUCT && types.kind(id) != Kind.UNION) {
            return 0;
        }
        for (int i = 0; i < types.count(id); i++) {
            String its = types.partName(id, i);
            int found = its.equals(name)
                    ? types.partType(id, i)
                    : its.isEmpty() ? member(types.partType(id, i), name, depth + 1) : 0;
            if (found != 0) {
                return found;
            }
        }
        return 0;
    }

    private Optional<String> setting(String name) {
        Map<String, String> config = target.config();
        Map<String, String> all = config.isEmpty() ? USUAL : config;
        return Optional.ofNullable(all.get(name)).filter(v -> !v.equals("n"));
    }

    private void config(StringBuilder out) {
        out.append("#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))\n");
        out.append("#define LINUX_VERSION_CODE ").append(target.versionCode()).append('\n');
        List<String> wanted = new ArrayList<>(USUAL.keySet());
        names.words().stream().filter(w -> w.startsWith("CONFIG_")).forEach(wanted::add);
        for (String name : new TreeSet<>(wanted)) {
            String whole = name.endsWith("_MODULE") ? name.substring(0, name.length() - 7) : name;
            setting(whole).filter(value -> !own.contains(name)).ifPresent(value -> {
                boolean module = value.equals("m");
                if (!module || name.endsWith("_MODULE") || !names.words().contains(whole + "_MODULE")) {
                    out.append("#define ").append(whole).append(module ? "_MODULE" : "");
                    out.append(' ')
                            .append(module || value.equals("y") ? "1" : value)
                            .append('\n');
                }
            });
        }
    }
}

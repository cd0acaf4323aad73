package io.github.bcc4j.junit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which module files to load, and in which order, from depmod's {@code modules.dep} and the list of built-in ones. */
final class ModuleOrder {
    private final Map<String, List<String>> filesWithNeeds = new HashMap<>();
    private final Set<String> builtIn;

    ModuleOrder(String modulesDep, String modulesBuiltin) {
        for (String line : modulesDep.lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                List<String> files = new ArrayList<>();
                files.add(line.substring(0, colon));
                files.addAll(List.of(line.substring(colon + 1).strip().split("\\s+")));
                files.remove("");
                filesWithNeeds.put(name(files.getFirst()), List.copyOf(files));
            }
        }
        builtIn = modulesBuiltin.lines().map(ModuleOrder::name).collect(Collectors.toSet());
    }

    /** The name the kernel knows a module file by: no directory, no suffixes, underscores for dashes. */
    static String name(String file) {
        String base = Path.of(file).getFileName().toString();
        int dot = base.indexOf(".ko");
        return (dot < 0 ? base : base.substring(0, dot)).replace('-', '_');
    }

    /** The names among these that the kernel has neither as a module nor built in. */
    List<String> missing(List<String> names) {
        return names.stream()
                .filter(name -> !filesWithNeeds.containsKey(name) && !builtIn.contains(name))
                .toList();
    }

    /** The files of these modules and of all they need, each after what it needs. */
    List<String> files(List<String> names) {
        Set<String> ordered = new LinkedHashSet<>();
        for (String name : names) {
            // depmod lists what a module needs in full, the most basic last.
            ordered.addAll(filesWithNeeds.getOrDefault(name, List.of()).reversed());
        }
        return List.copyOf(ordered);
    }
}

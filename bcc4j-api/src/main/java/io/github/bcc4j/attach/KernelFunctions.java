package io.github.bcc4j.attach;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.text.SimilarNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The functions of a kernel, as its symbol table, its tracer and its probe blacklist list them. A symbol table's names are for all
 * to read, though addresses may be hidden; the other two are for root.
 *
 * @param machine the root folder of /proc and /sys
 */
record KernelFunctions(Path machine) {
    /** Other names of the same code, thunks, and what a perf event itself runs through. */
    private static final Pattern UNTRACEABLE = Pattern.compile(
            ".*\\.cold(\\.\\d+)?|__SC[TK]__.*|_kbl_addr_.*|__perf.*|perf_.*|__cfi_.*|__pfx_.*|__ftrace_invalid_address__.*"
                    + "|bpf_prog_.*|.*\\.llvm\\.\\d+");

    /** Sections whose code is gone after boot or runs where a probe must not; named by the symbols around them. */
    private static final Map<String, String> SECTIONS = Map.of(
            "__init_begin", "__init_end",
            "_sinittext", "_einittext",
            "__entry_text_start", "__entry_text_end",
            "__irqentry_text_start", "__irqentry_text_end",
            "__noinstr_text_start", "__noinstr_text_end",
            "__kprobes_text_start", "__kprobes_text_end");

    private static final int SUGGESTIONS = 5;

    /** Every text symbol in the table's order, with whether it lies in one of the {@link #SECTIONS}. */
    private void symbols(Consumer<String> plain, Consumer<String> special) {
        Set<String> open = new HashSet<>();
        Set<String> closed = new HashSet<>();
        try (Stream<String> lines = Files.lines(machine.resolve("proc/kallsyms"), StandardCharsets.ISO_8859_1)) {
            // ffffffff81000000 T name [module]
            lines.map(l -> l.split("[ \t]")).filter(f -> f.length >= 3).forEach(f -> {
                String end = SECTIONS.get(f[2]);
                if (end != null && !closed.contains(end)) { // of an empty section, the end may come first
                    open.add(end);
                } else if (SECTIONS.containsValue(f[2])) {
                    open.remove(f[2]);
                    closed.add(f[2]);
                } else if (f[1].equalsIgnoreCase("t") || f[1].equalsIgnoreCase("w")) {
                    (open.isEmpty() || f.length > 3 ? plain : special).accept(f[2]);
                }
            });
        } catch (IOException | UncheckedIOException e) {
            throw new BpfException("can't read the kernel's symbols", "mount -t proc proc /proc", e);
        }
    }

    /** How many functions have each name. */
    private Map<String, Integer> counted(Predicate<String> wanted) {
        Map<String, Integer> count = new LinkedHashMap<>();
        Consumer<String> add = s -> {
            if (wanted.test(s)) {
                count.merge(s, 1, Integer::sum);
            }
        };
        symbols(add, add);
        return count;
    }

    /** The names that only one function has, which is what the kernel wants of a probe's. */
    List<String> matching(Predicate<String> wanted) {
        Predicate<String> candidate = wanted.and(UNTRACEABLE.asMatchPredicate().negate());
        Set<String> blacklist = blacklist();
        Map<String, Integer> count = counted(candidate);
        return traceable()
                .map(t -> t.stream().filter(candidate))
                .orElseGet(() -> {
                    Set<String> names = new LinkedHashSet<>();
                    symbols(names::add, s -> {});
                    return names.stream().filter(candidate);
                })
                .filter(s -> !blacklist.contains(s) && count.getOrDefault(s, 1) == 1)
                .toList();
    }

    /** What the function tracer can hook, which is what compiles with a hook at its entry; empty if the list can't be read. */
    private Optional<Set<String>> traceable() {
        try (Stream<String> lines =
                Files.lines(Tracefs.root(machine).resolve("available_filter_functions"), StandardCharsets.ISO_8859_1)) {
            // name [module]
            return Optional.of(
                    lines.map(l -> l.split("[ \t]")[0]).collect(Collectors.toCollection(LinkedHashSet::new)));
        } catch (IOException | UncheckedIOException | BpfException e) {
            return Optional.empty(); // built without ftrace, locked down, or not root: kallsyms has to do
        }
    }

    private Set<String> blacklist() {
        try (Stream<String> lines = Files.lines(machine.resolve("sys/kernel/debug/kprobes/blacklist"))) {
            // 0xffffffff81000000-0xffffffff81000010  name [module]
            return lines.map(l -> l.split("\\s+"))
                    .filter(f -> f.length > 1)
                    .map(f -> f[1])
                    .collect(Collectors.toSet());
        } catch (IOException | UncheckedIOException e) {
            return Set.of();
        }
    }

    /** Why a probe is refused there, and what could be probed instead; empty if nothing speaks against it. */
    Optional<String> obstacle(String function) {
        Pattern copies = Pattern.compile(Pattern.quote(function) + "\\.(isra|constprop|part|cold|llvm)\\b.*");
        Map<String, Integer> found =
                counted(s -> s.equals(function) || copies.matcher(s).matches());
        Integer count = found.remove(function);
        if (count == null) {
            return Optional.of(found.isEmpty() ? notThere(function) : splitUp(function, found.keySet()));
        }
        if (count > 1) {
            return Optional.of(function + " is the name of " + count
                    + " functions of this kernel, and a probe's name must be that of one");
        }
        if (blacklist().contains(function)) {
            return Optional.of(
                    function + " is on the kernel's kprobe blacklist: probing it could recurse into the probe itself");
        }
        Set<String> special = new HashSet<>();
        symbols(s -> {}, special::add);
        if (special.contains(function)) {
            return Optional.of(
                    function + " is in a part of the kernel where no probe may be (entry, noinstr, or boot code)");
        }
        if (traceable().map(t -> !t.contains(function)).orElse(false)) {
            return Optional.of(
                    function + " exists but is not traceable (it is marked notrace, or is written in assembly)");
        }
        return Optional.empty();
    }

    private static String splitUp(String function, Set<String> copies) {
        return function + " has been split up by the compiler; there is " + String.join(", ", copies);
    }

    private String notThere(String function) {
        List<String> similar =
                SimilarNames.of(counted(s -> !UNTRACEABLE.matcher(s).matches()).keySet(), function, SUGGESTIONS);
        return "this kernel has no function " + function + " (it may be inlined, or named otherwise)"
                + (similar.isEmpty() ? "" : "; there is " + String.join(", ", similar));
    }

    /** The first of some names that is a text symbol. */
    Optional<String> first(List<String> names) {
        Set<String> found = counted(names::contains).keySet();
        return names.stream().filter(found::contains).findFirst();
    }
}

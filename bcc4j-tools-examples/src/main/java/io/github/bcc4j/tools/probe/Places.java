package io.github.bcc4j.tools.probe;

import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.attach.UsdtProbe;
import io.github.bcc4j.tools.probe.ProbeSpec.Kind;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The places whose names match a pattern. */
public final class Places {
    private static final int MOST = 1000;

    private Places() {}

    /**
     * Finds them.
     *
     * @param text {@code [p|t|u:][library or category:]pattern}
     * @param regexp whether it is a regular expression, found anywhere in a name, rather than a name in which {@code *} stands for anything
     * @param pid the process for static probes
     * @return at least one, 1000 at most
     * @throws IllegalArgumentException if there are none, or more
     */
    public static List<ProbeSpec> matching(String text, boolean regexp, OptionalInt pid) {
        String[] parts = text.split(":", 3);
        String kind = parts.length == 3 ? parts[0] : "p";
        String library = parts.length == 3 ? parts[1] : parts.length == 2 ? parts[0] : "";
        if (parts.length == 2 && List.of("p", "").contains(parts[0])) {
            library = "";
        }
        Pattern names = pattern(parts[parts.length - 1], regexp);
        List<ProbeSpec> found = switch (kind) {
            case "p", "" -> library.isEmpty() ? kernel(names) : user(library, names);
            case "t" -> tracepoints(pattern(library, regexp), names);
            case "u" -> usdt(library, names, pid);
            default -> throw new IllegalArgumentException("a pattern begins with p:, t: or u:, not " + kind + ":");
        };
        if (found.isEmpty()) {
            throw new IllegalArgumentException("nothing matches \"" + text + '"');
        }
        if (found.size() > MOST) {
            throw new IllegalArgumentException(
                    found.size() + " places match \"" + text + "\"; at most " + MOST + " can be probed");
        }
        return found;
    }

    private static Pattern pattern(String text, boolean regexp) {
        try {
            return regexp
                    ? Pattern.compile(".*?(" + text + ").*")
                    : Pattern.compile(
                            Stream.of(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a regular expression: \"" + text + "\": " + e.getDescription(), e);
        }
    }

    private static List<ProbeSpec> kernel(Pattern names) {
        return Probes.kernelFunctions(names).stream()
                .distinct()
                .map(name -> new ProbeSpec(Kind.ENTRY, "", name, 0, List.of()))
                .toList();
    }

    private static List<ProbeSpec> tracepoints(Pattern categories, Pattern names) {
        return Probes.tracepoints(Pattern.compile(".*")).stream()
                .map(t -> t.split(":"))
                .filter(t -> categories.matcher(t[0]).matches()
                        && names.matcher(t[1]).matches())
                .map(t -> new ProbeSpec(Kind.TRACEPOINT, t[0], t[1], 0, List.of()))
                .toList();
    }

    private static List<ProbeSpec> usdt(String library, Pattern names, OptionalInt pid) {
        Usdt usdt = pid.isPresent() ? Usdt.of(library, pid.getAsInt()) : Usdt.of(library);
        return usdt.probes().stream()
                .map(UsdtProbe::name)
                .distinct()
                .filter(name -> names.matcher(name).matches())
                .map(name -> new ProbeSpec(Kind.USDT, library, name, 0, List.of()))
                .toList();
    }

    private static List<ProbeSpec> user(String library, Pattern names) {
        return Probes.userFunctions(library, names).stream()
                .map(name -> new ProbeSpec(Kind.ENTRY, library, name, 0, List.of()))
                .toList();
    }
}

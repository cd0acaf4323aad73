package io.github.bcc4j.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine's own package sources, read to learn which Debian mirror it uses, in both formats of sources.list(5).
 *
 * <p>No mirror is known to this class: a kernel of any Debian suite is asked of the mirror the machine already trusts.
 */
final class AptSources {
    private static final Pattern ONE_LINE = Pattern.compile("deb\\s+(?:\\[([^]]*)]\\s+)?(\\S+)\\s+(\\S+)\\s*(.*)");
    private static final Pattern SUITE =
            Pattern.compile("(oldoldstable|oldstable|stable|testing|unstable|sid|buster|bullseye|bookworm|trixie|forky)"
                    + "(-updates|-backports|-security|/updates)?/?");

    /**
     * One archive: a base address with a key.
     *
     * @param uri the base
     * @param suites its suites
     * @param components its components
     * @param signedBy a key file or an inline key block (with its continuation lines), empty for apt's default
     * @param trusted whether the machine takes it unsigned
     */
    record Source(String uri, List<String> suites, List<String> components, String signedBy, boolean trusted) {
        boolean isSecurity() {
            return suites.stream().allMatch(s -> s.contains("-security") || s.endsWith("/updates"))
                    || path().endsWith("/debian-security");
        }

        boolean isDebian() {
            return components.contains("main")
                    && suites.stream().anyMatch(s -> SUITE.matcher(s).matches());
        }

        String path() {
            return uri.replaceAll("/+$", "");
        }
    }

    private final List<Source> sources;

    private AptSources(List<Source> sources) {
        this.sources = List.copyOf(sources);
    }

    /** Reads {@code sources.list} and {@code sources.list.d} below a directory, usually {@code /etc/apt}. */
    static AptSources read(Path etcApt) throws IOException {
        List<Source> found = new ArrayList<>();
        Path main = etcApt.resolve("sources.list");
        if (Files.isReadable(main)) {
            found.addAll(parseOneLine(Files.readString(main)));
        }
        Path parts = etcApt.resolve("sources.list.d");
        if (Files.isDirectory(parts)) {
            TreeSet<Path> files = new TreeSet<>();
            try (var listed = Files.newDirectoryStream(parts, "*.{list,sources}")) {
                listed.forEach(files::add);
            }
            for (Path file : files) {
                String text = Files.readString(file);
                found.addAll(file.toString().endsWith(".list") ? parseOneLine(text) : parseDeb822(text));
            }
        }
        return new AptSources(found);
    }

    static List<Source> parseOneLine(String text) {
        List<Source> found = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher matcher = ONE_LINE.matcher(line.replaceFirst("#.*", "").strip());
            if (matcher.matches()) {
                Map<String, String> options = new LinkedHashMap<>();
                for (String option : words(matcher.group(1))) {
                    String[] pair = option.split("=", 2);
                    options.put(pair[0].toLowerCase(Locale.ROOT), pair.length == 2 ? pair[1] : "");
                }
                found.add(new Source(
                        matcher.group(2),
                        List.of(matcher.group(3)),
                        words(matcher.group(4)),
                        options.getOrDefault("signed-by", ""),
                        "yes".equals(options.get("trusted"))));
            }
        }
        return found;
    }

    static List<Source> parseDeb822(String text) {
        List<Source> found = new ArrayList<>();
        for (String stanza : text.replaceAll("(?m)^#.*\\R?", "").split("\\R[ \t]*\\R")) {
            Map<String, String> fields = new LinkedHashMap<>();
            String last = null;
            for (String line : stanza.lines().toList()) {
                int colon = line.indexOf(':');
                if (!line.isEmpty() && Character.isWhitespace(line.charAt(0)) && last != null) {
                    fields.merge(last, "\n" + line.stripTrailing(), String::concat);
                } else if (colon > 0) {
                    last = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                    fields.put(last, line.substring(colon + 1).strip());
                }
            }
            if (words(fields.get("types")).contains("deb") && !"no".equals(fields.get("enabled"))) {
                for (String uri : words(fields.get("uris"))) {
                    found.add(new Source(
                            uri,
                            words(fields.get("suites")),
                            words(fields.get("components")),
                            fields.getOrDefault("signed-by", ""),
                            "yes".equals(fields.get("trusted"))));
                }
            }
        }
        return found;
    }

    private static List<String> words(String text) {
        return text == null || text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    /** The Debian mirror; an address that ends in {@code /debian} goes before others that carry Debian's suite names. */
    Optional<Source> debian() {
        List<Source> main =
                sources.stream().filter(s -> s.isDebian() && !s.isSecurity()).toList();
        return main.stream()
                .filter(s -> s.path().endsWith("/debian"))
                .findFirst()
                .or(() -> main.stream().findFirst());
    }

    /** The archive of Debian's security updates. */
    Optional<Source> security() {
        return sources.stream().filter(s -> s.isDebian() && s.isSecurity()).findFirst();
    }

    /** Sources text (deb822) for every suite that carries kernels; empty if the machine knows no Debian mirror. */
    String kernelSuites() {
        StringBuilder text = new StringBuilder();
        debian().ifPresent(s -> {
            stanza(text, s, "bookworm trixie trixie-backports", "");
            // Images of sid are frozen now and then; its date says nothing about a kernel's worth.
            stanza(text, s, "sid", "Check-Valid-Until: no\n");
        });
        security().ifPresent(s -> stanza(text, s, "bookworm-security trixie-security", ""));
        return text.toString();
    }

    private static void stanza(StringBuilder text, Source source, String suites, String more) {
        text.append("Types: deb\nURIs: ")
                .append(source.uri())
                .append("\nSuites: ")
                .append(suites);
        text.append("\nComponents: main\nTargets: Packages\n").append(more);
        if (!source.signedBy().isEmpty()) {
            text.append("Signed-By: ").append(source.signedBy()).append('\n');
        }
        if (source.trusted()) {
            text.append("Trusted: yes\n");
        }
        text.append('\n');
    }
}

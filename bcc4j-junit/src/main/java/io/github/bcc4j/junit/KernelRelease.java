package io.github.bcc4j.junit;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Release names of Debian's kernels, such as {@code 6.1.0-56-amd64}: which one a request means, and which is newer. */
final class KernelRelease {
    /** The flavour that runs here: the cloud flavour lacks 9p. */
    static final String FLAVOUR = "-amd64";

    private static final Pattern RELEASE = Pattern.compile("\\d+\\.\\d+\\.\\d+[^-]*(-\\d+)?" + FLAVOUR);
    private static final Pattern RUN = Pattern.compile("\\d+|\\D+");

    /** Numbers by value, the rest by character: 6.1.0-9 is older than 6.1.0-10. */
    static final Comparator<String> ORDER = KernelRelease::compare;

    private KernelRelease() {}

    static boolean isRelease(String name) {
        return RELEASE.matcher(name).matches();
    }

    /** Whether a release is what was asked for: itself, or a version that ends where a number ends. */
    static boolean matches(String request, String release) {
        return release.startsWith(request)
                && !request.isEmpty()
                && (release.length() == request.length() || !Character.isDigit(release.charAt(request.length())));
    }

    static Optional<String> newest(String request, Collection<String> releases) {
        return releases.stream()
                .filter(release -> matches(request, release))
                .filter(release -> isRelease(release) || release.equals(request))
                .max(ORDER);
    }

    private static int compare(String a, String b) {
        Matcher left = RUN.matcher(bare(a));
        Matcher right = RUN.matcher(bare(b));
        while (true) {
            boolean more = left.find();
            if (!right.find()) {
                return more ? 1 : 0;
            }
            if (!more) {
                return -1;
            }
            int order = compareRuns(left.group(), right.group());
            if (order != 0) {
                return order;
            }
        }
    }

    private static int compareRuns(String a, String b) {
        boolean numbers = Character.isDigit(a.charAt(0)) && Character.isDigit(b.charAt(0));
        return numbers ? Long.compare(Long.parseLong(a), Long.parseLong(b)) : a.compareTo(b);
    }

    private static String bare(String release) {
        return release.endsWith(FLAVOUR) ? release.substring(0, release.length() - FLAVOUR.length()) : release;
    }
}

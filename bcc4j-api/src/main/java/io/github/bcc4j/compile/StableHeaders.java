package io.github.bcc4j.compile;

import io.github.bcc4j.headers.StableTypes;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What in the kernel's headers is the same from kernel to kernel: the user-space interface (include/uapi), and the structs of network
 * protocols. A few headers of the kernel's own hold those and much that changes, too; a text may include them if it names none of that.
 */
final class StableHeaders {
    private StableHeaders() {}

    private static final Predicate<String> STABLE = Pattern.compile(
                    "[<\"](uapi/[\\w/.-]+|asm/ptrace\\.h|linux/(types|version)\\.h|bcc/[\\w.-]+)[>\"].*")
            .asMatchPredicate();
    private static final Predicate<String> MIXED = Pattern.compile(
                    "[<\"]linux/(ptrace|bpf|perf_event|if_ether|if_vlan|in|in6|ip|ipv6|tcp|udp|icmp|icmpv6)\\.h[>\"].*")
            .asMatchPredicate();

    private static final Pattern RECORD = Pattern.compile("\\b(?:struct|union)\\s+(\\w+)(\\s*\\{)?");
    /** Whether a text with these includes (the rest of their lines) compiles to the same with the headers of any kernel. */
    static boolean suffice(List<String> includes, String code) {
        return includes.stream().allMatch(STABLE.or(MIXED))
                && (includes.stream().noneMatch(MIXED) || own(code));
    }

    /** Whether every struct that a text names is its own or stable. */
    private static boolean own(String code) {
        List<MatchResult> named = RECORD.matcher(code).results().toList();
        Set<String> defined = named.stream()
                .filter(m -> m.group(2) != null)
                .map(m -> m.group(1))
                .collect(Collectors.toSet());
        return named.stream()
                .map(m -> m.group(1))
                .allMatch(((Predicate<String>) StableTypes::contains).or(defined::contains));
    }
}

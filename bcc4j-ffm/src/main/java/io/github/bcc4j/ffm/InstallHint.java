package io.github.bcc4j.ffm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How to install bcc on a distribution, as os-release(5) names it. */
final class InstallHint {
    private InstallHint() {}

    private static final List<Path> OS_RELEASE = List.of(Path.of("/etc/os-release"), Path.of("/usr/lib/os-release"));
    private static final Pattern ID = Pattern.compile("(?m)^(?:ID|ID_LIKE)=[\"']?([^\"'\\n]*)");

    private static final Map<String, String> COMMANDS = Map.of(
            "debian", "apt-get install libbpfcc",
            "ubuntu", "apt-get install libbpfcc",
            "fedora", "dnf install bcc",
            "rhel", "dnf install bcc",
            "amzn", "dnf install bcc",
            "opensuse", "zypper install libbcc0",
            "suse", "zypper install libbcc0",
            "arch", "pacman -S bcc",
            "gentoo", "emerge dev-util/bcc");

    /** For the running system. */
    static String here() {
        for (Path file : OS_RELEASE) {
            try {
                return of(Files.readString(file));
            } catch (IOException e) {
                // not there: try the other, then do without
            }
        }
        return of("");
    }

    /** For a system with this os-release file: by its ID, else by one it is like. */
    static String of(String osRelease) {
        return ID.matcher(osRelease)
                .results()
                .flatMap(m -> Stream.of(m.group(1).split(" ")))
                .filter(COMMANDS::containsKey)
                .findFirst()
                .map(id -> "Install bcc: " + COMMANDS.get(id))
                .orElse("Install your distribution's package of bcc, with libbcc.so.0 and libbcc_bpf.so.0.");
    }
}

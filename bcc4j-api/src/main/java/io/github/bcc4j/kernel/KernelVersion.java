package io.github.bcc4j.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel's version.
 *
 * @param major the first number
 * @param minor the second
 * @param patch the third, 0 if there is none
 * @param release the whole text, as {@code uname -r} tells it
 */
public record KernelVersion(int major, int minor, int patch, String release) implements Comparable<KernelVersion> {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");
    /**
     * Reads a release text.
     *
     * @param release {@code 6.1.0-49-amd64}, {@code 6.18.44}, {@code 6.12}
     * @return its numbers
     * @throws IllegalArgumentException if it does not begin with two numbers
     */
    public static KernelVersion parse(String release) {
        Matcher m = NUMBERS.matcher(release.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException("not a kernel release: \"" + release + '"');
        }
        int patch = m.group(3) == null ? 0 : Integer.parseInt(m.group(3));
        return new KernelVersion(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), patch, release.strip());
    }

    /**
     * The running kernel's.
     *
     * @return its version
     */
    public static KernelVersion current() {
        try {
            return parse(Files.readString(Path.of("/proc/sys/kernel/osrelease")));
        } catch (IOException e) {
            return parse(System.getProperty("os.version"));
        }
    }

    /**
     * Whether this is a version or a newer one.
     *
     * @param otherMajor its first number
     * @param otherMinor its second
     * @return true if so
     */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || major == otherMajor && minor >= otherMinor;
    }

    @Override
    public int compareTo(KernelVersion o) {
        int order = Integer.compare(major, o.major);
        order = order != 0 ? order : Integer.compare(minor, o.minor);
        return order != 0 ? order : Integer.compare(patch, o.patch);
    }

    @Override
    public String toString() {
        return release;
    }
}

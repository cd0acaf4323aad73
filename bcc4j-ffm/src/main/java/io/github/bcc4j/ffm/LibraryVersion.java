package io.github.bcc4j.ffm;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A library's version, as the name of its file tells it: {@code libbcc.so.0.26.0} is 0.26.0.
 *
 * @param major first number
 * @param minor second number
 * @param patch third number, 0 if absent
 */
public record LibraryVersion(int major, int minor, int patch) implements Comparable<LibraryVersion> {
    private static final Pattern FILE =
            Pattern.compile("lib\\w+\\.so\\.(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?(?:\\..*)?");

    private static final Comparator<LibraryVersion> ORDER = Comparator.comparingInt(LibraryVersion::major)
            .thenComparingInt(LibraryVersion::minor)
            .thenComparingInt(LibraryVersion::patch);

    /**
     * Reads a file's name, symbolic links resolved by the caller.
     *
     * @param file {@code .../libbcc.so.0.26.0}
     * @return empty if the name ends before a minor version
     */
    static Optional<LibraryVersion> of(Path file) {
        Matcher m = FILE.matcher(file.getFileName().toString());
        if (!m.matches()) {
            return Optional.empty();
        }
        int patch = m.group(3) == null ? 0 : Integer.parseInt(m.group(3));
        return Optional.of(new LibraryVersion(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), patch));
    }

    @Override
    public int compareTo(LibraryVersion other) {
        return ORDER.compare(this, other);
    }

    /** Returns {@code 0.26.0}. */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}

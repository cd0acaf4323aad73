package io.github.bcc4j.compile.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Kernel headers made for one compile: one text in the place of the first header that libbcc includes, and nothing in all the others.
 *
 * @param text the C
 * @param files the other headers, as paths below the include folder
 */
public record MadeHeaders(String text, List<String> files) {
    /** No made headers: the compile takes real ones. */
    public static final MadeHeaders NONE = new MadeHeaders("", List.of());

    /**
     * Whether there are any.
     *
     * @return false for none
     */
    public boolean present() {
        return !text.isEmpty();
    }

    /**
     * Writes them as a folder of kernel headers.
     *
     * @param scratch where to make the folder
     * @return the folder
     * @throws IOException if it can't be written
     */
    public Path write(Path scratch) throws IOException {
        Path tree = scratch.resolve("headers");
        Path include = tree.resolve("include");
        for (String file : files) {
            Path empty = include.resolve(file).normalize();
            if (empty.startsWith(include) && !Files.exists(empty)) {
                Files.createDirectories(empty.getParent());
                Files.createFile(empty);
            }
        }
        Path first = include.resolve("linux/kconfig.h");
        Files.createDirectories(first.getParent());
        Files.writeString(first, text);
        return tree;
    }
}

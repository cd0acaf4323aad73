package io.github.bcc4j.compile.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a compile read from this machine, left in its scratch folder: clang's list of the files it included, those that libbcc opened, and
 * the libraries that did it.
 *
 * @param included header files, with those made for the compile
 * @param opened files that libbcc itself read
 * @param libraries shared libraries
 */
public record InputTrace(List<Path> included, List<Path> opened, List<Path> libraries) {
    private static final String INCLUDED = "included.d";
    private static final String OPENED = "opened.txt";
    private static final Pattern LIBRARY = Pattern.compile("/\\S*/lib(bcc|bpf|LLVM|clang)[^/\\s]*\\.so[^/\\s]*");
    private static final Pattern WORD = Pattern.compile("(?:\\\\[ #]|\\$\\$|[^\\s\\\\])+");

    /** The flags by which clang leaves its list in a folder. */
    static List<String> flags(Path scratch) {
        return Stream.of("-dependency-file", scratch.resolve(INCLUDED).toString(), "-sys-header-deps", "-MT", "all")
                .flatMap(flag -> Stream.of("-Xclang", flag))
                .toList();
    }

    /** Leaves the rest there. */
    static void write(Path scratch, Collection<String> opened) throws IOException {
        Set<String> libraries = new TreeSet<>();
        Matcher m = LIBRARY.matcher(Files.readString(Path.of("/proc/self/maps")));
        while (m.find()) {
            libraries.add(m.group());
        }
        Files.write(
                scratch.resolve(OPENED),
                List.of(String.join("\t", new TreeSet<>(opened)), String.join("\t", libraries)));
    }

    /**
     * Reads what was left.
     *
     * @param scratch the folder of the compile
     * @param headers the folder of kernel headers, in which clang was working
     * @return the files as they are called on this machine
     */
    public static InputTrace read(Path scratch, Path headers) {
        try {
            List<String> lines = Files.readAllLines(scratch.resolve(OPENED));
            List<Path> included = new ArrayList<>();
            String rule = Files.readString(scratch.resolve(INCLUDED)).replace("\\\n", " ");
            Matcher m = WORD.matcher(rule.substring(rule.indexOf(':') + 1));
            Path made = scratch.toRealPath();
            while (m.find()) {
                Path file =
                        headers.resolve(m.group().replaceAll("\\\\([ #])", "$1").replace("$$", "$"));
                if (!file.startsWith("/virtual") && !file.toRealPath().startsWith(made)) {
                    included.add(file.startsWith(scratch) ? file.toRealPath() : file);
                }
            }
            return new InputTrace(included, paths(lines.get(0)), paths(lines.get(1)));
        } catch (IOException e) {
            throw new UncheckedIOException("read what the compile left in " + scratch, e);
        }
    }

    private static List<Path> paths(String line) {
        return Stream.of(line.split("\t"))
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .collect(Collectors.toList());
    }
}

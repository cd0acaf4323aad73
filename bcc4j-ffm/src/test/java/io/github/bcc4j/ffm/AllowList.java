package io.github.bcc4j.ffm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What jextract was told to bind. */
record AllowList(List<String> functions, List<String> structs, List<String> callbacks, List<String> constants) {
    static AllowList of(String library) throws IOException {
        String text = Files.readString(Path.of("..", "native-headers", library + ".options"));
        return new AllowList(
                names(text, "function"), names(text, "struct"), names(text, "typedef"), names(text, "constant"));
    }

    private static List<String> names(String text, String kind) {
        return Pattern.compile("(?m)^--include-" + kind + " (\\w+)$")
                .matcher(text)
                .results()
                .map(m -> m.group(1))
                .toList();
    }
}

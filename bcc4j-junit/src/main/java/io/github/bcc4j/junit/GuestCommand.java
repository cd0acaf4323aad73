package io.github.bcc4j.junit;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The files in the shared directory's {@code .bcc4j} that tell the guest what to do. They are shell text in which every
 * word from outside stands in single quotes, where only the quote itself means anything.
 */
final class GuestCommand {
    private GuestCommand() {}

    static void write(Path own, KernelImage image, Path directory, Map<String, String> environment, List<String> words)
            throws IOException {
        StringBuilder settings = new StringBuilder();
        settings.append("modules=").append(parent(image.modules().orElse(null)));
        settings.append("\nsources=")
                .append(parent(image.headers().orElse(null)))
                .append('\n');
        StringBuilder command =
                new StringBuilder("cd " + quote(directory.toString()) + " || exit 125\nexec /usr/bin/env -i");
        environment.forEach((name, value) -> command.append(' ').append(quote(name + "=" + value)));
        if (words.getFirst().contains("=")) {
            command.append(" /bin/sh -c 'exec \"$0\" \"$@\"'"); // env would take the word for a variable
        }
        words.forEach(word -> command.append(' ').append(quote(word)));
        command.append('\n');
        // The charset in which this JVM names files: what it can open by name, the guest can too.
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        Files.writeString(own.resolve("settings"), settings, charset);
        Files.writeString(own.resolve("command"), command, charset);
    }

    private static String parent(Path file) throws IOException {
        return file == null ? "" : quote(file.toRealPath().getParent().toString());
    }

    static String quote(String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an argument or variable of a command contains a NUL character");
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }
}

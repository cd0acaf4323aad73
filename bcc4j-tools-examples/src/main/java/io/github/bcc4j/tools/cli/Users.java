package io.github.bcc4j.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A user given by number or by name, as a number. */
public final class Users implements ITypeConverter<Long> {
    /** For picocli. */
    public Users() {}

    @Override
    public Long convert(String user) throws IOException {
        if (user.matches("\\d{1,10}")) {
            return Long.valueOf(user);
        }
        return Files.readAllLines(Path.of("/etc/passwd")).stream()
                .map(line -> line.split(":"))
                .filter(fields -> fields.length > 2 && fields[0].equals(user))
                .map(fields -> Long.valueOf(fields[2]))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no user \"" + user + '"'));
    }
}

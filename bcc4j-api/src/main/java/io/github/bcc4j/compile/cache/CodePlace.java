package io.github.bcc4j.compile.cache;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.Optional;

/** Where classes were loaded from. */
public final class CodePlace {
    private CodePlace() {}

    /**
     * The jar, folder or runtime image of a class.
     *
     * @param type the class
     * @return {@code file:} or {@code jrt:}, or whatever a class loader makes of it; empty if nothing tells
     */
    public static Optional<URI> of(Class<?> type) {
        try {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            if (source != null && source.getLocation() != null) {
                return Optional.of(source.getLocation().toURI());
            }
            // A JVM that takes its classes from an archive may have forgotten; the class file itself is still there.
            String file = type.getName().replace('.', '/') + ".class";
            URL url = type.getResource("/" + file);
            String place = url == null ? "" : url.toString();
            if (place.startsWith("jar:") && place.endsWith("!/" + file)) {
                return Optional.of(new URI(place.substring(4, place.length() - file.length() - 2)));
            }
            return place.endsWith("/" + file)
                    ? Optional.of(new URI(place.substring(0, place.length() - file.length())))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}

package io.github.bcc4j.text;

/** What JSON (RFC 8259) needs of a library here: strings. */
public final class JsonText {
    private JsonText() {}

    /**
     * A text as a JSON string.
     *
     * @param text any text
     * @return with its quotes; what is not printable ASCII is escaped, so that it passes through any encoding
     */
    public static String string(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}

package io.github.bcc4j.viz;

import io.github.bcc4j.text.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * One HTML file with all that it needs. What it shows is in it as compressed bytes and as JSON, never as markup, and the only script that it
 * lets a browser run is its own, known by its hash: names that anybody can make do nothing.
 */
final class Page {
    private Page() {}

    /**
     * Puts a page together.
     *
     * @param name of the resources {@code .css} and {@code .js}, and {@code .html} for the body
     * @param title of the page
     * @param about what the script reads as JSON
     * @param data what the script reads as bytes
     */
    static String html(String name, String title, Map<String, ?> about, byte[] data) {
        String script = read("common.js") + read(name + ".js");
        String json = about.entrySet().stream()
                .map(e -> JsonText.string(e.getKey()) + ":"
                        + (e.getValue() instanceof String text ? JsonText.string(text) : e.getValue()))
                .collect(Collectors.joining(",", "{", "}"))
                .replace("<", "\\u003c");
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '%s'">
                <meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark">
                <meta name="generator" content="bcc4j">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                %s<script type="application/json" id="about">%s</script>
                <script type="text/plain" id="data">%s</script>
                <script>%s</script>
                </body>
                </html>
                """.formatted(
                        hash(script),
                        escape(title),
                        read("common.css"),
                        read(name + ".html"),
                        json,
                        Base64.getEncoder().encodeToString(deflate(data)),
                        script);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String hash(String script) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each JDK has it
        }
    }

    private static byte[] deflate(byte[] data) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream compressed = new DeflaterOutputStream(out, deflater)) {
            compressed.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static String read(String file) {
        try (InputStream in = Page.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.github.bcc4j.ffm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Static assertions about C headers, checked by the compiler that knows them. C++, because only there can a program ask for the
 * parameters of a function.
 */
public final class HeaderAssertions {
    /** {@code kind} and {@code shape}: a type, and a function, as one letter per type. */
    private static final String TOOLS = """
            #include <stddef.h>
            template <class T> struct kind {
                static constexpr char value = __is_class(T) || __is_union(T) ? '?' : '0' + sizeof(T);
            };
            template <> struct kind<void> { static constexpr char value = 'v'; };
            template <> struct kind<bool> { static constexpr char value = 'b'; };
            template <> struct kind<float> { static constexpr char value = 'f'; };
            template <> struct kind<double> { static constexpr char value = 'd'; };
            template <class T> struct kind<T *> { static constexpr char value = 'p'; };
            template <class T> struct kind<const T> : kind<T> {};
            template <class T, size_t N> struct kind<T[N]> { static constexpr char value = 'a'; };
            template <class F> struct shape;
            template <class R, class... A> struct shape<R(A...)> {
                static constexpr bool is(const char *text) {
                    const char actual[] = {kind<R>::value, kind<A>::value..., 0};
                    for (size_t i = 0;; i++) {
                        if (actual[i] != text[i]) return false;
                        if (!actual[i]) return true;
                    }
                }
            };
            template <class R, class... A> struct shape<R(A..., ...)> {
                static constexpr bool is(const char *) { return false; }
            };
            template <class F> struct shape<F *> : shape<F> {};
            """;

    private final List<String> headers;
    private final List<String> assertions = new ArrayList<>();

    /** Assertions about these headers, as they stand between the angle brackets or quotes of an include. */
    public HeaderAssertions(String... headers) {
        this.headers = List.of(headers);
    }

    /** Adds one: a constant expression, and what to say if it is false or can't be compiled. */
    public void add(String expression, String otherwise) {
        // On one line, so that the text is in the compiler's excerpt even where the expression itself is wrong.
        assertions.add("static_assert(" + expression + ", \"" + otherwise + "\");\n");
    }

    /** How many there are. */
    public int size() {
        return assertions.size();
    }

    /** Compiles them; returns the compiler's words, empty if all hold. */
    public String check() {
        StringBuilder text = new StringBuilder();
        headers.forEach(h -> text.append("#include ").append(h).append('\n'));
        text.append(TOOLS);
        assertions.forEach(text::append);
        try {
            Path file = Files.createTempFile("bcc4j-audit-", ".cc");
            try {
                Files.writeString(file, text);
                return compile(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The property abi.headers: a folder to which packages were unpacked, instead of the installed headers. */
    private static String compile(Path file) throws IOException {
        String root = System.getProperty("abi.headers", "");
        List<String> command = new ArrayList<>(List.of("c++", "-std=c++17", "-fsyntax-only", "-fno-diagnostics-color"));
        command.addAll(List.of("-isystem", root + "/usr/include/bcc/compat"));
        if (!root.isEmpty()) {
            command.addAll(List.of("-isystem", root + "/usr/include"));
        }
        command.add(file.toString());
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return compiler.waitFor() == 0 && output.isEmpty() ? "" : "c++ said:\n" + output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

package io.github.bcc4j.compile.child;

import io.github.bcc4j.ffm.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * Corrects how libbcc reads an element of a member of a kernel struct. Of {@code p->member[i]} it makes a read at {@code (&p->member) +
 * (i)}, which is i whole arrays behind the first element, or, where the member is a pointer, i pointers behind the member: a wrong value
 * without any message, in every version up to 0.37 at least. The text it inserts goes through clang's {@code Rewriter::InsertText}; there
 * a macro takes the place of the {@code &}, which gives the address of the first element for arrays and pointers alike.
 */
final class ElementReads {
    private static final String INSERT_TEXT = "_ZN5clang8Rewriter10InsertTextENS_14SourceLocationEN4llvm9StringRefEbb";

    /** How libbcc begins the address, and what it wrote before: the helper that reads. */
    private static final String WRONG = "(&_val, sizeof(_val), (void *)((&";

    /** The macro: a helper that reads, and a member. */
    static final String FLAG = "-D__bcc4j_elements(read, ...)=({ typeof(&(__VA_ARGS__)[0]) __bcc4j_first;"
            + " if (__builtin_types_compatible_p(typeof(__VA_ARGS__), typeof(&(__VA_ARGS__)[0])))"
            + " read(&__bcc4j_first, sizeof(__bcc4j_first), (void *)&(__VA_ARGS__));"
            + " else __bcc4j_first = (void *)&(__VA_ARGS__);"
            + " __bcc4j_first; })";

    private static final MemorySegment MEMORY = NativeFunctions.memory();

    private final NativeFunctions libbcc;

    ElementReads(NativeFunctions libbcc) {
        this.libbcc = libbcc;
    }

    /** What libbcc is to call in the place of clang's function; nothing if its clang is not a library of its own. */
    Map<String, MemorySegment> replacements() {
        if (libbcc.find(INSERT_TEXT).isEmpty()) {
            return Map.of();
        }
        try {
            MethodHandle handle = MethodHandles.lookup()
                    .bind(this, "insertText", MethodType.methodType(long.class, Collections.nCopies(6, long.class)));
            return Map.of(INSERT_TEXT, NativeFunctions.stub(handle));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code bool Rewriter::InsertText(SourceLocation, StringRef, bool, bool)}; a StringRef is an address and a length. */
    private long insertText(long rewriter, long location, long text, long length, long after, long indent) {
        byte[] bytes = new byte[(int) length];
        MemorySegment.copy(MEMORY, ValueLayout.JAVA_BYTE, text, bytes, 0, bytes.length);
        Optional<String> right = corrected(new String(bytes, StandardCharsets.ISO_8859_1));
        try (Arena arena = Arena.ofConfined()) {
            long replaced = right.map(r ->
                            arena.allocateFrom(r, StandardCharsets.ISO_8859_1).address())
                    .orElse(text);
            return libbcc.call(
                    INSERT_TEXT,
                    rewriter,
                    location,
                    replaced,
                    right.map(String::length).orElse((int) length),
                    after,
                    indent);
        }
    }

    /** The text with the macro, if it is the beginning of a read of an element. */
    static Optional<String> corrected(String inserted) {
        if (!inserted.endsWith(WRONG)) {
            return Optional.empty();
        }
        int end = inserted.length() - WRONG.length();
        String helper = inserted.substring(inserted.lastIndexOf(' ', end) + 1, end);
        return Optional.of(inserted.substring(0, inserted.length() - 2) + "__bcc4j_elements(" + helper + ", ");
    }
}

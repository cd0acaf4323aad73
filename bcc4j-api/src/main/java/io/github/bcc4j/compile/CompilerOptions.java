package io.github.bcc4j.compile;

import io.github.bcc4j.kernel.KernelTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a C text is compiled. Immutable; every {@code with} and {@code define} gives a changed copy.
 */
public final class CompilerOptions {
    /** For the running kernel, in a child process, with a minute and two gigabytes at most. */
    public static final CompilerOptions DEFAULT = new CompilerOptions(
            List.of(),
            Optional.empty(),
            Optional.empty(),
            TypeSource.ANY,
            "/virtual/main.c",
            Duration.ofSeconds(60),
            2L << 30,
            false,
            Map.of(),
            Optional.empty());

    /** Each byte is a comparison and a branch, of which a program has a million at most. */
    private static final int LONGEST_COMPARED = 255;

    private final List<String> cflags;
    private final Optional<Path> kernelHeaders;
    private final Optional<KernelTarget> target;
    private final TypeSource typeSource;
    private final String sourceName;
    private final Duration timeLimit;
    private final long memoryLimit;
    private final boolean inProcess;
    private final Map<String, Integer> tables;
    private final Optional<CompileCache> cache;

    private CompilerOptions(
            List<String> cflags,
            Optional<Path> kernelHeaders,
            Optional<KernelTarget> target,
            TypeSource typeSource,
            String sourceName,
            Duration timeLimit,
            long memoryLimit,
            boolean inProcess,
            Map<String, Integer> tables,
            Optional<CompileCache> cache) {
        this.cflags = cflags;
        this.kernelHeaders = kernelHeaders;
        this.target = target;
        this.typeSource = typeSource;
        this.sourceName = sourceName;
        this.timeLimit = timeLimit;
        this.memoryLimit = memoryLimit;
        this.inProcess = inProcess;
        this.tables = tables;
        this.cache = cache;
    }

    /**
     * Adds compiler flags, as clang takes them. They are the program's text as much as the C is: never make one of untrusted input; that
     * is what {@link #define} is for.
     *
     * @param flags {@code -Dx=1}, {@code -I/folder}, {@code -Wno-...}
     * @return a changed copy
     * @throws IllegalArgumentException if one has a NUL character, where it would end for the compiler
     */
    public CompilerOptions withFlags(String... flags) {
        for (String flag : flags) {
            if (flag.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a compiler flag has no NUL character: " + flag);
            }
        }
        List<String> all = new ArrayList<>(cflags);
        all.addAll(List.of(flags));
        return new CompilerOptions(
                List.copyOf(all),
                kernelHeaders,
                target,
                typeSource,
                sourceName,
                timeLimit,
                memoryLimit,
                inProcess,
                tables,
                cache);
    }

    /**
     * Defines a macro as an integer.
     *
     * @param name a C identifier
     * @param value any number; a negative one is put in parentheses
     * @return a changed copy
     * @throws IllegalArgumentException if the name is not a C identifier
     */
    public CompilerOptions define(String name, long value) {
        String suffix = value > Integer.MAX_VALUE || value < Integer.MIN_VALUE ? "LL" : "";
        String text = value == Long.MIN_VALUE
                ? "(-9223372036854775807LL-1)"
                : value < 0 ? "(" + value + suffix + ")" : value + suffix;
        return withFlags("-D" + identifier(name) + "=" + text);
    }

    /**
     * Defines a macro as a C identifier: a type, a function, another macro.
     *
     * @param name a C identifier
     * @param identifier a C identifier
     * @return a changed copy
     * @throws IllegalArgumentException if either is not a C identifier
     */
    public CompilerOptions define(String name, String identifier) {
        return withFlags("-D" + identifier(name) + "=" + identifier(identifier));
    }

    /**
     * Defines a macro as a C string literal holding any text, however hostile.
     *
     * @param name a C identifier
     * @param text what the literal holds, in UTF-8
     * @return a changed copy
     * @throws IllegalArgumentException if the name is not a C identifier
     */
    public CompilerOptions defineString(String name, String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == ' ';
            literal.append(plain ? String.valueOf((char) b) : String.format("\\%03o", b & 0xff));
        }
        return withFlags("-D" + identifier(name) + "=" + literal.append('"'));
    }

    /**
     * Defines a macro that compares an array of characters with a text, however hostile: {@code NAME(a)} is true if {@code a} holds
     * the text and a NUL after it. It is a comparison of numbers, for which neither a loop nor a string is needed:
     *
     * <pre>{@code
     * char comm[16];
     * bpf_get_current_comm(&comm, sizeof(comm));
     * if (!WANTED(comm)) return 0;
     * }</pre>
     *
     * A string elsewhere is read first, by {@code bpf_probe_read_user_str} or {@code bpf_probe_read_kernel_str}, into an array that has
     * room for a byte more than the text. In an array without that room it is never found; a pointer in the place of the array is a
     * compile error.
     *
     * @param name a C identifier
     * @param text what is looked for, compared as UTF-8
     * @return a changed copy
     * @throws IllegalArgumentException if the name is not a C identifier, or the text has a NUL character or more than 255 bytes
     */
    public CompilerOptions defineEquals(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0 || bytes.length > LONGEST_COMPARED) {
            throw new IllegalArgumentException("a text to compare with has no NUL character and " + LONGEST_COMPARED
                    + " bytes at most; this one has " + bytes.length + " bytes: \"" + text + '"');
        }
        StringBuilder test = new StringBuilder("({_Static_assert(!__builtin_types_compatible_p(__typeof__(a),"
                + "__typeof__(&(a)[0])),\"" + identifier(name) + " takes an array of characters, not a pointer\");"
                + "sizeof(a)>" + bytes.length);
        for (int i = 0; i <= bytes.length; i++) {
            int wanted = i < bytes.length ? bytes[i] & 0xff : 0;
            test.append("&&(unsigned char)(a)[").append(i).append("]==").append(wanted);
        }
        return withFlags("-D" + name + "(a)=" + test.append(";})"));
    }

    private static String identifier(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("not a C identifier: \"" + name + '"');
        }
        return name;
    }

    /**
     * Takes the kernel's types from a folder of header files. They must be those of the kernel that will run the program.
     *
     * @param folder as {@code /lib/modules/RELEASE/build} is one
     * @return a changed copy
     */
    public CompilerOptions withKernelHeaders(Path folder) {
        return new CompilerOptions(
                cflags,
                Optional.of(folder),
                target,
                TypeSource.HEADERS,
                sourceName,
                timeLimit,
                memoryLimit,
                inProcess,
                tables,
                cache);
    }

    /**
     * Compiles for another kernel than the running one.
     *
     * @param kernel which
     * @return a changed copy
     */
    public CompilerOptions withTarget(KernelTarget kernel) {
        return new CompilerOptions(
                cflags,
                kernelHeaders,
                Optional.of(kernel),
                typeSource,
                sourceName,
                timeLimit,
                memoryLimit,
                inProcess,
                tables,
                cache);
    }

    /**
     * Compiles for another kernel than the running one, of which nothing but the release is known: with its header files.
     *
     * @param release as {@code uname -r} tells it there
     * @return a changed copy
     * @throws IllegalArgumentException if it does not look like a release
     */
    public CompilerOptions withKernelRelease(String release) {
        return withTarget(KernelTarget.ofRelease(release));
    }

    /**
     * Says where the kernel's types come from.
     *
     * @param source from its BTF, from header files, or from what serves
     * @return a changed copy
     */
    public CompilerOptions withTypesFrom(TypeSource source) {
        return new CompilerOptions(
                cflags, kernelHeaders, target, source, sourceName, timeLimit, memoryLimit, inProcess, tables, cache);
    }

    /**
     * Names the C text in positions.
     *
     * @param name an absolute path, which need not exist
     * @return a changed copy
     */
    public CompilerOptions withSourceName(String name) {
        if (!name.matches("/[^\"\\\\\\p{Cntrl}]+")) {
            throw new IllegalArgumentException("a source name is an absolute path without quotes, not \"" + name + '"');
        }
        return new CompilerOptions(
                cflags, kernelHeaders, target, typeSource, name, timeLimit, memoryLimit, inProcess, tables, cache);
    }

    /**
     * Limits how long a compile may take; then it is killed.
     *
     * @param limit more than zero
     * @return a changed copy
     */
    public CompilerOptions withTimeLimit(Duration limit) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("a time limit is more than zero, not " + limit);
        }
        return new CompilerOptions(
                cflags, kernelHeaders, target, typeSource, sourceName, limit, memoryLimit, inProcess, tables, cache);
    }

    /**
     * Limits how much memory a compile may take on top of its JVM; a compile takes about 50 to 200 MiB.
     *
     * @param bytes private writable memory, 0 for no limit
     * @return a changed copy
     */
    public CompilerOptions withMemoryLimit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a memory limit is not negative: " + bytes);
        }
        return new CompilerOptions(
                cflags, kernelHeaders, target, typeSource, sourceName, timeLimit, bytes, inProcess, tables, cache);
    }

    /**
     * Compiles in this process instead of a child: some hundred milliseconds quicker, and dangerous. LLVM ends the whole JVM by {@code
     * exit(1)} or {@code abort()} on mistakes as ordinary as 512 bytes of stack; it prints to this process's standard output and
     * error, so the exception has no diagnostics; the working directory of the process is another one meanwhile; 120 to 200 MB are
     * never given back. Limits of time and memory do not hold. Compiles wait for each other.
     *
     * @return a changed copy
     */
    public CompilerOptions inProcess() {
        return new CompilerOptions(
                cflags, kernelHeaders, target, typeSource, sourceName, timeLimit, memoryLimit, true, tables, cache);
    }

    /**
     * Lets the text use other modules' tables, which it declares with the type {@code "extern"}: {@code BPF_TABLE("extern", u32, u64,
     * counts, 64)}. What is compiled so is loaded by {@code BPF.load(module, lenders)}.
     *
     * @param lenders modules that make the tables, as public ones or not
     * @return a changed copy
     */
    public CompilerOptions withTablesOf(CompiledModule... lenders) {
        Map<String, Integer> all = new TreeMap<>(tables);
        for (CompiledModule lender : lenders) {
            lender.maps().forEach(m -> all.put(m.name(), m.type()));
        }
        return new CompilerOptions(
                cflags,
                kernelHeaders,
                target,
                typeSource,
                sourceName,
                timeLimit,
                memoryLimit,
                inProcess,
                Collections.unmodifiableMap(all),
                cache);
    }

    /**
     * Keeps compiled modules elsewhere than in the standard place, or not at all.
     *
     * @param other {@link CompileCache#at}, {@link CompileCache#none}
     * @return a changed copy
     */
    public CompilerOptions withCache(CompileCache other) {
        return new CompilerOptions(
                cflags,
                kernelHeaders,
                target,
                typeSource,
                sourceName,
                timeLimit,
                memoryLimit,
                inProcess,
                tables,
                Optional.of(other));
    }

    List<String> cflags() {
        return cflags;
    }

    Optional<Path> kernelHeaders() {
        return kernelHeaders;
    }

    KernelTarget target() {
        return target.orElseGet(KernelTarget::running);
    }

    TypeSource typeSource() {
        return typeSource;
    }

    String sourceName() {
        return sourceName;
    }

    Duration timeLimit() {
        return timeLimit;
    }

    long memoryLimit() {
        return memoryLimit;
    }

    boolean isInProcess() {
        return inProcess;
    }

    /** The types of tables that may be borrowed, by name. */
    Map<String, Integer> tables() {
        return tables;
    }

    CompileCache cache() {
        return cache.orElseGet(CompileCache::standard);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof CompilerOptions c
                && cflags.equals(c.cflags)
                && kernelHeaders.equals(c.kernelHeaders)
                && target.equals(c.target)
                && typeSource == c.typeSource
                && sourceName.equals(c.sourceName)
                && timeLimit.equals(c.timeLimit)
                && memoryLimit == c.memoryLimit
                && inProcess == c.inProcess
                && tables.equals(c.tables)
                && cache.equals(c.cache);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                cflags,
                kernelHeaders,
                target,
                typeSource,
                sourceName,
                timeLimit,
                memoryLimit,
                inProcess,
                tables,
                cache);
    }

    @Override
    public String toString() {
        return "CompilerOptions" + cflags;
    }
}

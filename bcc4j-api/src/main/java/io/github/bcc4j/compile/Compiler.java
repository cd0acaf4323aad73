package io.github.bcc4j.compile;

import io.github.bcc4j.compile.Diagnostic.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Turns C texts into {@link CompiledModule}s, in a child process by default. Thread-safe: compiles of several threads run side by side.
 *
 * <p>No privilege is needed, but for reading the format files of the tracepoints that a text names.
 */
public final class Compiler {
    private Compiler() {}

    /** What a compile can be asked to show of itself. */
    public enum Dump {
        /** LLVM's intermediate code after optimisation. */
        LLVM_IR(1, Pattern.compile("(?s).*?(; ModuleID = '/virtual/main\\.c'.*?)(?=; ModuleID = |\\z).*")),
        /** The C text after libbcc's rewriting of map calls and kernel pointers, which bcc's tools call the preprocessed one. */
        REWRITTEN_SOURCE(
                4, Pattern.compile("(?ms).*?(?=^#if defined\\(BPF_LICENSE\\))(.*)^#include <bcc/footer\\.h>.*")),
        /** The bytecode as assembly, between the lines of the rewritten source. */
        DISASSEMBLY(8, Pattern.compile("(?s).*?(Disassembly of function .*)"));

        private final int flag;
        private final Pattern part;

        Dump(int flag, Pattern part) {
            this.flag = flag;
            this.part = part;
        }

        /** The dump in all that libbcc prints; all of it if it looks like none that is known. */
        private String of(String output) {
            Matcher m = part.matcher(output);
            return m.matches() ? m.group(1) : output;
        }
    }

    /**
     * Compiles a C text, or takes what was compiled before from the {@link CompileCache}.
     *
     * @param source the text, in bcc's dialect
     * @param options how
     * @return the module
     * @throws CompileException if the text is wrong, or the compile did not survive it
     * @throws MissingKernelHeadersException if it needs kernel headers that are not there
     */
    public static CompiledModule compile(String source, CompilerOptions options) {
        CompileCache cache = options.cache();
        CacheKey key = CacheKey.of(source, options);
        CompileCache.Found found = cache.find(key, options.target());
        if (found.module().isPresent()) {
            return found.module().get();
        }
        Instant started = Instant.now();
        try (Transport transport = Transport.choose(options)) {
            Compilation compilation = new Compilation(source, options);
            CompiledModule module = compilation.module(transport);
            String why = found.why();
            if (cache.folder().isPresent() && key.refusal().isEmpty()) {
                why += "; " + kept(cache, key, module, compilation, transport, started);
            }
            return module.from(new Origin(Origin.Kind.COMPILED, why));
        }
    }

    private static String kept(
            CompileCache cache,
            CacheKey key,
            CompiledModule module,
            Compilation compilation,
            Transport transport,
            Instant started) {
        try {
            return cache.store(key, module, compilation.inputs(transport), started);
        } catch (IOException | UncheckedIOException e) {
            return "not kept: " + e.getMessage();
        }
    }

    /**
     * Compiles a C text to look at what becomes of it.
     *
     * @param source the text, in bcc's dialect
     * @param options how
     * @param dump what to show
     * @return the dump; its exact form is that of the libbcc and LLVM at hand
     * @throws CompileException if it does not compile
     */
    public static String dump(String source, CompilerOptions options, Dump dump) {
        // The lines between the assembly are those of the rewritten text, whatever the numbers.
        try (ChildProcess transport = new ChildProcess()) {
            return dump.of(new Compilation(source, options).dump(transport, dump.flag, dump != Dump.DISASSEMBLY));
        }
    }

    /** A module, with what else was said in passing. */
    static CompiledModule withWarnings(CompiledModule m, List<Diagnostic> said) {
        List<Diagnostic> warnings = Stream.concat(m.warnings().stream(), said.stream())
                .filter(d -> d.severity().compareTo(Severity.WARNING) >= 0)
                .filter(d -> !d.file().equals(TypeCarrier.FILE))
                .sorted(Comparator.comparing(Diagnostic::severity))
                .toList();
        return new CompiledModule(
                m.license(),
                m.kernelVersion(),
                m.btf(),
                m.maps(),
                m.programs(),
                m.source(),
                warnings,
                m.kernel(),
                m.origin());
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.kernel.KernelVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
     * Compiles a C text.
     *
     * @param source the text, in bcc's dialect
     * @param options how
     * @return the module
     * @throws CompileException if the text is wrong, or the compile did not survive it
     * @throws MissingKernelHeadersException if it needs kernel headers that are not there
     */
    public static CompiledModule compile(String source, CompilerOptions options) {
        SourceText text = text(source, options);
        Transport transport = Transport.choose(options);
        TracepointFormats formats = new TracepointFormats();
        formats.want(text.tracepoints());
        Optional<Set<String>> carried = Optional.of(text.types());
        while (true) {
            try {
                CompiledModule module =
                        transport.compile(request(text, text.prepared(carried), source, options, formats, 0));
                return withWarnings(module, formats.doubts(options.kernelRelease()));
            } catch (CompileException e) {
                // Tracepoints that only a macro's expansion names, and types that the preprocessor takes away, show
                // when they are missed.
                boolean more = formats.want(TracepointFormats.missed(e));
                Optional<Set<String>> fewer = TypeCarrier.without(carried, e);
                if (!more && fewer.equals(carried)) {
                    throw formats.explain(e);
                }
                carried = fewer;
            }
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
        SourceText text = text(source, options);
        TracepointFormats formats = new TracepointFormats();
        formats.want(text.tracepoints());
        // The lines between the assembly are those of the rewritten text, whatever the numbers.
        String prepared = dump == Dump.DISASSEMBLY ? text.unnumbered() : text.prepared(Optional.empty());
        return dump.of(new ChildProcess().dump(request(text, prepared, source, options, formats, dump.flag)));
    }

    private static SourceText text(String source, CompilerOptions options) {
        int nul = source.indexOf('\0');
        if (nul >= 0) {
            int line = (int) source.substring(0, nul)
                            .chars()
                            .filter(c -> c == '\n')
                            .count()
                    + 1;
            int column = nul - source.lastIndexOf('\n', nul);
            String message = "the C text has a NUL character, where it would end for the compiler";
            Diagnostic d = new Diagnostic(
                    Stage.SETUP, Severity.FATAL, options.sourceName(), line, column, message, "", List.of());
            throw new CompileException(message + ":\n  " + d, null, List.of(d));
        }
        return new SourceText(source, options.sourceName());
    }

    private static CompileRequest request(
            SourceText text,
            String prepared,
            String source,
            CompilerOptions options,
            TracepointFormats formats,
            int debug) {
        String release =
                options.kernelRelease().orElseGet(() -> KernelVersion.current().release());
        List<String> flags = new ArrayList<>(options.cflags());
        flags.addAll(ClangOutput.FLAGS);
        return new CompileRequest(
                prepared,
                options.sourceName(),
                source,
                flags,
                debug,
                release,
                options.kernelHeaders().map(Path::toString).orElse(""),
                text.fitsAnyKernel(),
                KernelVersion.parse(release).isAtLeast(5, 5),
                formats.list(),
                (int) Math.min(options.timeLimit().toMillis(), Integer.MAX_VALUE),
                options.memoryLimit());
    }

    /** A module, with what else was said in passing. */
    static CompiledModule withWarnings(CompiledModule m, List<Diagnostic> said) {
        List<Diagnostic> warnings = Stream.concat(m.warnings().stream(), said.stream())
                .filter(d -> d.severity().compareTo(Severity.WARNING) >= 0)
                .filter(d -> !d.file().equals(TypeCarrier.FILE))
                .sorted(Comparator.comparing(Diagnostic::severity))
                .toList();
        return new CompiledModule(
                m.license(), m.kernelVersion(), m.btf(), m.maps(), m.programs(), m.source(), warnings);
    }
}

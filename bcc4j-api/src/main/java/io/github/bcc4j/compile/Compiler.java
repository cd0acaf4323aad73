package io.github.bcc4j.compile;

import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.kernel.KernelVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
        LLVM_IR(1),
        /** The C text after libbcc's rewriting of map calls and kernel pointers. */
        REWRITTEN_SOURCE(4),
        /** The bytecode as assembly, between the lines of the source. */
        DISASSEMBLY(8);

        private final int flag;

        Dump(int flag) {
            this.flag = flag;
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
        SourceText text = new SourceText(source, options.sourceName());
        Transport transport = Transport.choose(options);
        try {
            return transport.compile(request(text, source, true, options, 0));
        } catch (CompileException e) {
            if (e.diagnostics().stream().noneMatch(d -> d.file().equals(SourceText.CARRIER_FILE))) {
                throw e;
            }
            return transport.compile(request(text, source, false, options, 0));
        }
    }

    /**
     * Compiles a C text to look at what becomes of it.
     *
     * @param source the text, in bcc's dialect
     * @param options how
     * @param dump what to show
     * @return the dump, as libbcc prints it
     * @throws CompileException if it does not compile
     */
    public static String dump(String source, CompilerOptions options, Dump dump) {
        SourceText text = new SourceText(source, options.sourceName());
        return new ChildProcess().dump(request(text, source, false, options, dump.flag));
    }

    private static CompileRequest request(
            SourceText text, String source, boolean carrier, CompilerOptions options, int debug) {
        String release =
                options.kernelRelease().orElseGet(() -> KernelVersion.current().release());
        List<String> formats = new ArrayList<>();
        for (String tracepoint : text.tracepoints()) {
            String[] parts = tracepoint.split("/");
            formats.add(tracepoint);
            formats.add(Probes.tracepointFormat(parts[0], parts[1]));
        }
        List<String> flags = new ArrayList<>(List.of("-fno-caret-diagnostics"));
        flags.addAll(options.cflags());
        return new CompileRequest(
                text.prepared(carrier),
                options.sourceName(),
                source,
                flags,
                debug,
                release,
                options.kernelHeaders().map(Path::toString).orElse(""),
                text.includesStableOnly(),
                KernelVersion.parse(release).isAtLeast(5, 5),
                formats,
                (int) Math.min(options.timeLimit().toMillis(), Integer.MAX_VALUE),
                options.memoryLimit());
    }

    /** The module of a successful compile, with what was said in passing. */
    static CompiledModule withWarnings(CompiledModule m, List<Diagnostic> said) {
        List<Diagnostic> warnings = said.stream()
                .filter(d -> d.severity().compareTo(Severity.WARNING) >= 0)
                .toList();
        return new CompiledModule(
                m.license(), m.kernelVersion(), m.btf(), m.maps(), m.programs(), m.source(), warnings);
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.compile.cache.Input;
import io.github.bcc4j.compile.cache.Input.Kind;
import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.InputTrace;
import io.github.bcc4j.compile.child.MadeHeaders;
import io.github.bcc4j.headers.HeaderTree;
import io.github.bcc4j.headers.KernelTypes;
import io.github.bcc4j.kernel.KernelHeaders;
import io.github.bcc4j.kernel.KernelTarget;
import io.github.bcc4j.kernel.KernelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One compile, from the text to the module: what it lacks at the first try it gets for the next, as far as there is any. Not
 * thread-safe.
 */
final class Compilation {
    private static final Pattern MISSED = Pattern.compile("'(?:(?:struct|union|enum) )?(\\w+)[^']*'");
    private static final Pattern LACK = Pattern.compile(
            "undeclared|unknown type name|incomplete|no member named|implicit declaration|file not found|not defined");
    private static final Pattern REDEFINED = Pattern.compile("redefinition of '(\\w+)'");
    private static final Pattern NAME_LACKED = Pattern.compile(
            "(?:undeclared identifier|unknown type name|undeclared function|implicit declaration of function|incomplete .*?type) '([^']+)'"
                    + "|(no member named '\\w+' in '[^']+')|('[^']+' file not found)");

    private final String source;
    private final CompilerOptions options;
    private final KernelTarget target;
    private final BorrowedTables borrowed;
    private final SourceText text;
    private final TracepointFormats formats;
    private final Optional<HeaderTree> tree;
    private Optional<String> lacking = Optional.empty();

    Compilation(String source, CompilerOptions options) {
        this.source = source;
        this.options = options;
        this.target = options.target();
        this.borrowed = new BorrowedTables(options.tables());
        this.text =
                new SourceText(borrowed.resolved(checked(source, options), options.sourceName()), options.sourceName());
        this.formats = new TracepointFormats(target);
        boolean btf = options.typeSource() != TypeSource.HEADERS && System.getenv("BCC_KERNEL_SOURCE") == null;
        this.tree = (btf ? KernelTypes.of(target) : Optional.<KernelTypes>empty())
                .map(types -> new HeaderTree(types, source, options.cflags()));
        if (tree.isEmpty() && options.typeSource() == TypeSource.BTF) {
            throw CompileFailure.around(
                    "kernel " + target.release() + " has no BTF, or it can't be read",
                    "it is in kernels configured with CONFIG_DEBUG_INFO_BTF, in /sys/kernel/btf/vmlinux;"
                            + " or compile with header files: CompilerOptions.withTypesFrom(TypeSource.ANY)");
        }
        want(text.tracepoints());
    }

    private static String checked(String source, CompilerOptions options) {
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
        return source;
    }

    private boolean want(Set<String> tracepoints) {
        boolean more = formats.want(tracepoints);
        tree.ifPresent(t -> t.addFormats(formats.texts()));
        return more;
    }

    CompiledModule module(Transport transport) {
        return finished(
                untilComplete((carried, headers) -> transport.compile(request(text.prepared(carried), 0, headers))));
    }

    /** What libbcc prints when it is asked to show something. */
    String dump(ChildProcess transport, int flag, boolean numbered) {
        return untilComplete((carried, headers) ->
                transport.dump(request(numbered ? text.prepared(Optional.empty()) : text.unnumbered(), flag, headers)));
    }

    private <T> T untilComplete(BiFunction<Optional<Set<String>>, MadeHeaders, T> attempt) {
        Optional<Set<String>> carried = Optional.of(text.types());
        Optional<CompileException> before = Optional.empty();
        while (true) {
            try {
                return attempt.apply(carried, tree.map(HeaderTree::headers).orElse(MadeHeaders.NONE));
            } catch (CompileException e) {
                if (before.isPresent() && redefines(e, missed(before.get()))) {
                    throw formats.explain(before.get()); // it missed its own, not the kernel's of the same name
                }
                before = Optional.of(e);
                // Tracepoints that only a macro's expansion names, types that are only named by pasting, and own types
                // that
                // the preprocessor takes away, show when they are missed.
                boolean more = want(TracepointFormats.missed(e));
                more |= tree.isPresent() && lacks(e) && tree.get().want(missed(e));
                Optional<Set<String>> fewer = TypeCarrier.without(carried, e);
                if (!more && fewer.equals(carried)) {
                    return withRealHeaders(e, carried, attempt);
                }
                carried = fewer;
            }
        }
    }

    /** The second try of a text that misses something in the types from BTF. */
    private <T> T withRealHeaders(
            CompileException e,
            Optional<Set<String>> carried,
            BiFunction<Optional<Set<String>>, MadeHeaders, T> attempt) {
        CompileException explained = formats.explain(e);
        if (tree.isEmpty() || !lacks(e)) {
            throw explained;
        }
        if (options.typeSource() == TypeSource.ANY && HeaderChoice.exists(target.release())) {
            try {
                T result = attempt.apply(carried, MadeHeaders.NONE);
                lacking = Optional.of(lacked(e));
                return result;
            } catch (CompileException second) {
                throw explained; // it lacks it with every kind of types
            }
        }
        throw explained.hint().isPresent()
                ? explained
                : new CompileException(
                        explained.getMessage(),
                        "neither the BTF of kernel " + target.release() + " nor bcc4j's own definitions have "
                                + lacked(e)
                                + ": #define or declare it in the text; or install that kernel's header files, which are"
                                + " tried then",
                        explained.diagnostics());
    }

    private static Stream<Diagnostic> said(CompileException e) {
        return e.diagnostics().stream().flatMap(d -> Stream.concat(Stream.of(d), d.notes().stream()));
    }

    private static boolean lacks(CompileException e) {
        return said(e).anyMatch(d -> LACK.matcher(d.message()).find());
    }

    private static Set<String> missed(CompileException e) {
        Set<String> names = new LinkedHashSet<>();
        said(e).forEach(d -> {
            Matcher m = MISSED.matcher(d.message());
            while (m.find()) {
                names.add(m.group(1));
            }
        });
        return names;
    }

    private static boolean redefines(CompileException e, Set<String> names) {
        return said(e).map(d -> REDEFINED.matcher(d.message())).anyMatch(m -> m.find() && names.contains(m.group(1)));
    }

    private static String lacked(CompileException e) {
        String names = said(e).flatMap(d -> NAME_LACKED.matcher(d.message()).results())
                .map(m -> Stream.of(m.group(1), m.group(2), m.group(3))
                        .filter(g -> g != null)
                        .findFirst()
                        .orElseThrow())
                .distinct()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "what the errors name" : names;
    }

    private CompiledModule finished(CompiledModule m) {
        List<Diagnostic> said = new ArrayList<>(formats.doubts());
        lacking.ifPresent(names -> {
            String message = "compiled with the header files of kernel " + target.release()
                    + ", as its BTF and bcc4j's own definitions lack " + names;
            said.add(new Diagnostic(Stage.SETUP, Severity.WARNING, options.sourceName(), 0, 0, message, "", List.of()));
        });
        boolean made = tree.isPresent() && lacking.isEmpty();
        Map<String, Long> layouts = made ? tree.get().layouts() : Map.of();
        boolean any = made ? layouts.isEmpty() : text.fitsAnyKernel();
        return Compiler.withWarnings(m.withMaps(borrowed.marked(m.maps())), said)
                .fitting(any ? KernelFit.ANY : new KernelFit(target.release(), layouts, made));
    }

    /** What the compile by this transport depended on, besides the text, the options and the kernel; an exception says why it can't be told. */
    List<Input> inputs(Transport transport) throws IOException {
        InputTrace trace = transport.inputs().orElseThrow(() -> new IOException("another machine compiled it"));
        Map<String, Kind> all = new TreeMap<>();
        trace.included().forEach(f -> all.put(f.toString(), Kind.FILE));
        trace.opened().forEach(f -> all.put(f.toString(), Kind.KERNEL_FILE));
        trace.libraries().forEach(f -> all.put(f.toString(), Kind.LIBRARY));
        all.put("/etc/ld.so.cache", Kind.FILE);
        formats.wanted()
                .orElseThrow(() -> new IOException("its tracepoints are those of another kernel"))
                .forEach(tracepoint -> all.put(tracepoint, Kind.FORMAT));
        tree.ifPresent(t -> {
            t.localHeaders().forEach(f -> all.put(f.toString(), Kind.FILE));
            all.put("configuration", Kind.CONFIG);
            if (t.usesModules()) {
                all.put("modules", Kind.MODULES);
            }
        });
        if (tree.isEmpty() || lacking.isPresent()) {
            for (Path place : KernelHeaders.places(target.release(), System.getenv())) {
                all.put(place.resolve("Makefile").toString(), Kind.FILE);
                all.put(place.resolve("include/linux/kconfig.h").toString(), Kind.FILE);
            }
        }
        CacheKey.includeFolders(options.cflags()).forEach(f -> all.put(f, Kind.NAMES));
        List<Input> inputs = new ArrayList<>();
        for (Map.Entry<String, Kind> input : all.entrySet()) {
            inputs.add(Input.now(input.getValue(), input.getKey(), target));
        }
        return inputs;
    }

    private CompileRequest request(String prepared, int debug, MadeHeaders made) {
        List<String> flags = new ArrayList<>(options.cflags());
        flags.addAll(ClangOutput.FLAGS);
        return new CompileRequest(
                prepared,
                options.sourceName(),
                source,
                flags,
                debug,
                target.release(),
                options.kernelHeaders().map(Path::toString).orElse(""),
                text.fitsAnyKernel(),
                KernelVersion.parse(target.release()).isAtLeast(5, 5),
                formats.list(),
                (int) Math.min(options.timeLimit().toMillis(), Integer.MAX_VALUE),
                options.memoryLimit(),
                made);
    }
}

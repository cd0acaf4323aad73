package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.Diagnostic;
import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.ProgramSpec;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.kernel.KernelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The C texts in {@code corpus/}: compiled for a kernel, and loaded into the running one. Comments at a text's
 * head say what else is to be known of it: {@code // flags: -DX=1}, {@code // kernels: >= 6.2} if others lack what it is about, {@code
 * // types: function=xdp} for functions whose names don't tell.
 */
public final class Corpus {
    /** How much of the corpus has to go well: the part of it that is promised to users. */
    public static final double BAR = 0.98;

    private static final Pattern HEAD = Pattern.compile("(?m)^// (flags|kernels|types): (.*)$");
    private static final Pattern FLOOR = Pattern.compile(">= (\\d+)\\.(\\d+)");
    private static final Map<String, ProgramType> PREFIXES = Map.of(
            "kprobe__", ProgramType.KPROBE,
            "kretprobe__", ProgramType.KPROBE,
            "tracepoint__", ProgramType.TRACEPOINT,
            "raw_tracepoint__", ProgramType.RAW_TRACEPOINT);

    private static final Comparator<Text> BY_NAME = Comparator.comparing(Text::name);
    private static final String UNATTACHED = "only_loaded_";

    /** Functions that are loaded for the very place that their names tell: loading them is attaching them. */
    private static final Pattern TYPED = Pattern.compile("kfunc__|kretfunc__|kmod_ret__|bpf_iter__|lsm__");

    private Corpus() {}

    /**
     * A text.
     *
     * @param name its family and file name
     * @param code the C text
     * @param head what its head says
     */
    public record Text(String name, String code, Map<String, String> head) {
        public List<String> flags() {
            return head.containsKey("flags") ? List.of(head.get("flags").split(" +")) : List.of();
        }

        boolean isFor(KernelVersion kernel) {
            if (!head.containsKey("kernels")) {
                return true;
            }
            Matcher floor = FLOOR.matcher(head.get("kernels"));
            if (!floor.matches()) {
                throw new IllegalArgumentException(name + ": not \">= 6.2\": " + head.get("kernels"));
            }
            return kernel.isAtLeast(Integer.parseInt(floor.group(1)), Integer.parseInt(floor.group(2)));
        }

        /** How a function is loaded; empty if it is for one place only. */
        public Optional<ProgramType> type(String function) {
            if (TYPED.matcher(function).lookingAt()) {
                return Optional.empty();
            }
            for (String entry : head.getOrDefault("types", "").split(", *")) {
                if (entry.startsWith(function + "=")) {
                    return Optional.of(ProgramType.valueOf(
                            entry.substring(function.length() + 1).toUpperCase(Locale.ROOT)));
                }
            }
            return Optional.of(PREFIXES.entrySet().stream()
                    .filter(p -> function.startsWith(p.getKey()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(name + ": of what type is " + function + "?"))
                    .getValue());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * What became of the texts.
     *
     * @param texts how many there were
     * @param compiled the modules
     * @param failures text to the first complaint of the compiler
     */
    public record Compiled(int texts, Map<Text, CompiledModule> compiled, Map<Text, String> failures) {
        /**
         * Fails unless enough of the texts compile and enough of those load into the running kernel, naming the others.
         *
         * @param atLeast how many texts there have to be
         */
        public void assertGoodHere(int atLeast) {
            Map<Text, String> refused = load(compiled);
            String report = report("do not compile", failures) + report("are refused by the kernel", refused);
            assertThat(texts).as("texts").isGreaterThanOrEqualTo(atLeast);
            assertThat(1.0 * compiled.size() / texts)
                    .as(compiled.size() + " of " + texts + " compile" + report)
                    .isGreaterThanOrEqualTo(BAR);
            assertThat(1.0 * (compiled.size() - refused.size()) / texts)
                    .as(compiled.size() - refused.size() + " of " + texts + " compile and load" + report)
                    .isGreaterThanOrEqualTo(BAR);
        }

        private static String report(String what, Map<Text, String> complaints) {
            return complaints.isEmpty()
                    ? ""
                    : complaints.entrySet().stream()
                            .map(e -> "\n  " + e.getKey() + ": " + e.getValue())
                            .collect(Collectors.joining("", "\nthese " + what + ":", ""));
        }
    }

    /**
     * All texts for a kernel.
     *
     * @param kernel which
     * @return in the order of their names
     */
    public static List<Text> texts(KernelVersion kernel) {
        try {
            return under(Path.of(Corpus.class.getResource("/corpus").toURI())).stream()
                    .filter(t -> t.isFor(kernel))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Text> under(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.toString().endsWith(".c"))
                    .sorted()
                    .map(f -> text(root, f))
                    .toList();
        }
    }

    private static Text text(Path root, Path file) {
        try {
            String code = Files.readString(file);
            String path = root.relativize(file).toString();
            Map<String, String> head = new TreeMap<>();
            Matcher m = HEAD.matcher(code);
            while (m.find()) {
                head.put(m.group(1), m.group(2).strip());
            }
            return new Text(path, code, head);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Compiles a text.
     *
     * @param text which
     * @param options for which kernel
     * @return the module
     */
    public static CompiledModule compile(Text text, CompilerOptions options) {
        return Compiler.compile(text.code(), options.withFlags(text.flags().toArray(String[]::new)));
    }

    /**
     * Compiles texts, two at a time.
     *
     * @param texts which
     * @param options for which kernel
     * @return what became of them
     */
    public static Compiled compile(List<Text> texts, CompilerOptions options) throws InterruptedException {
        Map<Text, CompiledModule> modules = new TreeMap<>(BY_NAME);
        Map<Text, String> failures = new TreeMap<>(BY_NAME);
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            Map<Text, Future<CompiledModule>> running = new TreeMap<>(BY_NAME);
            texts.forEach(t -> running.put(t, two.submit(() -> compile(t, options))));
            for (Map.Entry<Text, Future<CompiledModule>> e : running.entrySet()) {
                try {
                    modules.put(e.getKey(), e.getValue().get());
                } catch (ExecutionException failed) {
                    failures.put(e.getKey(), complaint(failed.getCause()));
                }
            }
        }
        return new Compiled(texts.size(), modules, failures);
    }

    private static String complaint(Throwable e) {
        return e instanceof CompileException c
                ? c.diagnostics().stream()
                        .filter(d -> d.severity().compareTo(Severity.ERROR) <= 0)
                        .findFirst()
                        .map(Diagnostic::toString)
                        .orElse(e.getMessage())
                : e.toString();
    }

    /**
     * Loads every function of the modules into the running kernel; nothing is attached.
     *
     * @param modules of {@link #compile(List, CompilerOptions)}
     * @return text to the kernel's words, for each text with a function that it refused
     */
    public static Map<Text, String> load(Map<Text, CompiledModule> modules) {
        Map<Text, String> refused = new TreeMap<>(BY_NAME);
        modules.forEach((text, module) -> {
            try (BPF bpf = BPF.load(unattached(module))) {
                for (ProgramSpec program : module.programs()) {
                    text.type(program.name()).ifPresent(type -> bpf.program(UNATTACHED + program.name(), type));
                }
            } catch (BpfException e) {
                refused.put(text, e.getMessage());
            }
        });
        return refused;
    }

    /** The module with functions whose names ask for no attachment, but for those that can't be loaded without. */
    private static CompiledModule unattached(CompiledModule m) {
        List<ProgramSpec> programs = m.programs().stream()
                .map(p -> new ProgramSpec(
                        attachesHere(p.name()) ? p.name() : UNATTACHED + p.name(),
                        p.instructions(),
                        p.functionInfoSize(),
                        p.functionInfo(),
                        p.lineInfoSize(),
                        p.lineInfo()))
                .toList();
        return new CompiledModule(
                m.license(),
                m.kernelVersion(),
                m.btf(),
                m.maps(),
                programs,
                m.source(),
                m.warnings(),
                m.kernel(),
                m.origin());
    }

    private static boolean attachesHere(String function) {
        return function.startsWith("lsm__")
                ? Features.lsm().isSupported()
                : function.startsWith("bpf_iter__")
                        ? Features.iterator().isSupported()
                        : TYPED.matcher(function).lookingAt()
                                && Features.fentry().isSupported();
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.compile.child.CompileChild;
import io.github.bcc4j.compile.child.CompileRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says why a compile failed, from its exit status and what it printed. */
final class CompileFailure {
    private CompileFailure() {}

    /** A mistake that LLVM's BPF back-end does not survive: how it shows, what it is, what to do. */
    private record Known(Pattern text, String cause, String hint) {}

    private static final List<Known> KNOWN = List.of(
            new Known(
                    Pattern.compile("stack limit of 512 bytes|BPF stack limit"),
                    "the function needs more than the 512 bytes of stack a BPF program has",
                    "keep large variables in a BPF_PERCPU_ARRAY of one element"),
            new Known(
                    Pattern.compile(
                            "__(add|sub|mul|div|neg|float|fix|eq|ne|gt|ge|lt|le|trunc|extend)\\w*[ds]f\\d?|[Ff]loating"),
                    "BPF has no floating point",
                    "use integers, scaled if need be, and divide in Java"),
            new Known(
                    Pattern.compile("signed div|sdiv|SDIV|unsupported signed division"),
                    "BPF has no signed division",
                    "divide unsigned numbers: cast both sides to u64"),
            new Known(
                    Pattern.compile("dynamic stack alloc|variable[- ]sized? (alloca|object)"),
                    "BPF has no variable-length arrays",
                    "give the array a constant size"),
            new Known(
                    Pattern.compile("<inline asm>|invalid register|inline asm"),
                    "the inline assembly is not valid BPF assembly",
                    "see the kernel's Documentation/bpf/standardization/instruction-set.rst for the instructions"),
            new Known(
                    Pattern.compile("built-in function '(memcpy|memset|memmove|memcmp)' is not supported"),
                    "a memory operation of unknown or large size can't be expanded",
                    "use a constant size, or bpf_probe_read_kernel for large copies"),
            new Known(
                    Pattern.compile(
                            "(?i)out of memory|bad_alloc|OutOfMemory|Cannot allocate memory|insufficient memory|mmap failed"),
                    "the compile ran out of memory",
                    "raise CompilerOptions.withMemoryLimit"));

    /** What a text may say about itself without being the reason. */
    private static final Pattern HARMLESS = Pattern.compile(":\\d+: (warning|note|remark): ");

    static CompileException explain(CompileRequest request, int status, boolean timedOut, String output) {
        List<Diagnostic> found = new ArrayList<>(ClangOutput.parse(output));
        if (status == CompileChild.NO_LIBRARY) {
            return around("libbcc can't be used: " + output.strip(), null);
        }
        boolean hasError = found.stream().anyMatch(d -> d.severity().compareTo(Severity.ERROR) <= 0);
        if (timedOut) {
            String cause = "the compile took longer than " + request.timeLimitMillis() + " ms and was stopped";
            found.addFirst(process(cause));
            return new CompileException(cause, "raise CompilerOptions.withTimeLimit", found);
        }
        if (status == CompileChild.REFUSED && hasError) {
            long errors = found.stream()
                    .filter(d -> d.severity().compareTo(Severity.ERROR) <= 0)
                    .count();
            return new CompileException(
                    "the C text has " + (errors == 1 ? "an error" : errors + " errors") + ":\n" + listing(found),
                    null,
                    found);
        }
        String evidence =
                output.lines().filter(line -> !HARMLESS.matcher(line).find()).collect(Collectors.joining("\n"));
        for (Known known : KNOWN) {
            if (known.text.matcher(evidence).find()) {
                if (!hasError) {
                    found.addFirst(process(known.cause));
                }
                return new CompileException(known.cause + ":\n" + listing(found), known.hint, found);
            }
        }
        String end = "the compile process " + ending(status);
        if (!hasError) {
            found.addFirst(process(end));
        }
        boolean crash = status == 134 || status == 139;
        String hint = crash ? "LLVM crashes on very deep nesting and very long unrolled loops, among others" : null;
        return new CompileException(end + ". It said:\n" + tail(output), hint, found);
    }

    private static String ending(int status) {
        return switch (status) {
            case CompileChild.REFUSED -> "refused the C text without naming an error";
            case 134 -> "aborted (SIGABRT)";
            case 139 -> "crashed (SIGSEGV)";
            case 137 -> "was killed (SIGKILL), by the kernel's out-of-memory killer or by somebody";
            case 143 -> "was ended (SIGTERM)";
            default -> status > 128 ? "ended by signal " + (status - 128) : "ended with exit code " + status;
        };
    }

    /** Something went wrong around the compiler. */
    static CompileException around(String what, String hint) {
        return new CompileException(what, hint, List.of(process(what)));
    }

    private static Diagnostic process(String message) {
        return new Diagnostic(Stage.PROCESS, Severity.FATAL, "", 0, 0, message, "", List.of());
    }

    static String listing(List<Diagnostic> found) {
        StringBuilder text = new StringBuilder();
        found.stream()
                .limit(20)
                .forEach(d -> text.append("  ")
                        .append(d.toString().replace("\n", "\n    "))
                        .append('\n'));
        return text.toString().stripTrailing();
    }

    private static String tail(String output) {
        String text = output.strip();
        return text.isEmpty()
                ? "  (nothing)"
                : text.length() > 2000 ? "..." + text.substring(text.length() - 2000) : text;
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.compile.cache.CodeStamp;
import io.github.bcc4j.compile.cache.Digests;
import io.github.bcc4j.kernel.KernelTarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a compile is found again by: all that is known of it before it begins. What it reads besides is kept with its module.
 *
 * @param parts all of it; the module is kept with them, so that those of another compile are never mistaken for it
 * @param refusal why it can't be kept, if it can't
 */
record CacheKey(List<String> parts, Optional<String> refusal) {
    private static final Pattern CLOCK = Pattern.compile("__(DATE|TIME|TIMESTAMP)__");

    /** Flags that have no way to read a file, and those whose folders are looked at. */
    private static final Pattern HARMLESS = Pattern.compile(
            "-[DU].+|-W[\\w=+-]*|-w|-O\\w?|-g\\d?|-std=\\S+|-f(no-)?(?!modules|profile|plugin|pch)[a-z-]+|-nostdinc|-pedantic|-(I|isystem|iquote|idirafter)/.+");

    private static final List<String> FOLDER_FLAGS = List.of("-I", "-isystem", "-iquote", "-idirafter");

    /** What clang itself takes from the environment, where it is this process's. */
    private static final List<String> CLANG_ENVIRONMENT =
            List.of("CPATH", "C_INCLUDE_PATH", "ARCH", "TMPDIR", "BCC_LINUX_VERSION_CODE", "BCC_KERNEL_MODULES_SUFFIX");

    static CacheKey of(String source, CompilerOptions options) {
        KernelTarget target = options.target();
        Optional<String> kernel = target.identity();
        Optional<String> code = CodeStamp.of(CacheKey.class);
        List<String> parts = new ArrayList<>(List.of(
                code.orElse(""),
                System.getProperty("os.arch"),
                kernel.orElse(""),
                target.btf().isPresent() ? "BTF" : "",
                source,
                options.sourceName(),
                options.typeSource().name(),
                options.kernelHeaders().map(Path::toString).orElse(""),
                options.tables().toString(), // sorted
                environment(List.of("BCC_KERNEL_SOURCE", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")),
                System.getProperty("bcc4j.libbcc", ""),
                options.isInProcess() ? environment(CLANG_ENVIRONMENT) : "a child"));
        parts.addAll(options.cflags());
        return new CacheKey(parts, refusal(source, options.cflags(), kernel, code));
    }

    /** A file name for it, short and almost surely its own. */
    String name() {
        Digests digests = new Digests();
        parts.forEach(digests::add);
        return digests.hex();
    }

    private static String environment(List<String> names) {
        StringBuilder values = new StringBuilder();
        for (String name : names) {
            values.append(name).append('=').append(System.getenv(name)).append('\n');
        }
        return values.toString();
    }

    private static Optional<String> refusal(
            String source, List<String> flags, Optional<String> kernel, Optional<String> code) {
        if (kernel.isEmpty()) {
            return Optional.of("nothing tells that kernel from others of its release");
        }
        if (code.isEmpty()) {
            return Optional.of("nothing tells this build of bcc4j from others");
        }
        if (CLOCK.matcher(source + flags).find()) {
            return Optional.of("the text asks for the time of the compile");
        }
        for (int i = 0; i < flags.size(); i++) {
            String flag = flags.get(i);
            if (FOLDER_FLAGS.contains(flag)
                    && i + 1 < flags.size()
                    && flags.get(i + 1).startsWith("/")) {
                i++;
            } else if (!HARMLESS.matcher(flag).matches()) {
                return Optional.of("nobody knows what the flag " + flag + " reads");
            }
        }
        return Optional.empty();
    }

    /** The folders where flags have headers looked for. */
    static List<String> includeFolders(List<String> flags) {
        List<String> folders = new ArrayList<>();
        for (int i = 0; i < flags.size(); i++) {
            for (String option : FOLDER_FLAGS) {
                if (flags.get(i).equals(option) && i + 1 < flags.size()) {
                    folders.add(flags.get(i + 1));
                } else if (flags.get(i).startsWith(option + "/")) {
                    folders.add(flags.get(i).substring(option.length()));
                }
            }
        }
        return folders;
    }
}

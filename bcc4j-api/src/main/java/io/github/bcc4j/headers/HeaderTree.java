package io.github.bcc4j.headers;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.btf.RawBtf;
import io.github.bcc4j.compile.child.MadeHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The kernel headers of one program, made from a kernel's BTF: what the program's identifiers reach. If the compiler misses something
 * for all that, {@link #want} looks for it.
 */
public final class HeaderTree {
    /** Folders of kernel headers; an include of anything else is the user's own, or a mistake. */
    private static final Pattern KERNEL_HEADER = Pattern.compile(
            "(uapi/|generated/)*(linux|net|asm|asm-generic|acpi|block|crypto|drm|fs|keys|kernel|kvm|math-emu|media|misc|mm|pcmcia"
                    + "|ras|rdma|rv|scsi|security|soc|sound|target|trace|vdso|video|xen)/[\\w/.+-]+\\.h|generated/[\\w/.-]+\\.h");

    private static final List<String> LIBBCC_INCLUDES = List.of(
            "uapi/linux/bpf.h",
            "uapi/linux/if_packet.h",
            "uapi/linux/if_ether.h",
            "uapi/linux/ptrace.h",
            "linux/bpf.h",
            "linux/bpf_common.h",
            "linux/types.h",
            "linux/version.h",
            "linux/log2.h",
            "asm/page.h");

    private final KernelTypes kernel;
    private final String source;
    private final List<String> flags;
    private final Set<String> formats = new TreeSet<>();
    private final Set<String> missed = new TreeSet<>();
    private HeaderText.Result made;
    private final Set<Path> localHeaders = new LinkedHashSet<>();
    private SourceNames names;

    /**
     * Makes the headers of a program.
     *
     * @param kernel the kernel's types
     * @param source the program
     * @param flags the compiler flags it is compiled with
     */
    public HeaderTree(KernelTypes kernel, String source, List<String> flags) {
        this.kernel = kernel;
        this.source = source;
        this.flags = List.copyOf(flags);
    }

    /**
     * Adds the types that tracepoints have in their fields.
     *
     * @param texts their format files
     */
    public void addFormats(Collection<String> texts) {
        if (formats.addAll(texts)) {
            made = null;
        }
    }

    /**
     * Looks for what the compiler missed.
     *
     * @param names identifiers in its complaints
     * @return whether there is something new in the headers
     */
    public boolean want(Set<String> names) {
        if (!missed.addAll(names)) {
            return false;
        }
        String before = made().text();
        made = null;
        return !before.equals(made().text());
    }

    private HeaderText.Result made() {
        if (made == null) {
            names = new SourceNames();
            names.addText(source);
            names.addFlags(flags);
            formats.forEach(names::addFormat);
            addLocalHeaders();
            names.addMissed(missed);
            try {
                made = HeaderText.of(kernel, names);
            } catch (IllegalArgumentException e) {
                throw new BpfException(
                        "the types of kernel " + kernel.target().release() + " can't be used: " + e.getMessage(),
                        "compile with its header files: CompilerOptions.withTypesFrom(TypeSource.HEADERS)",
                        e);
            }
        }
        return made;
    }

    /** Headers in the folders that the flags name are the program's own text. */
    private void addLocalHeaders() {
        List<Path> folders = folders();
        Deque<String> waiting = new ArrayDeque<>(names.includes());
        Set<String> read = new HashSet<>();
        while (!waiting.isEmpty()) {
            String include = waiting.remove();
            Optional<Path> file = local(include, folders);
            if (read.add(include) && file.isPresent()) {
                localHeaders.add(file.get().toAbsolutePath());
                try {
                    names.addText(Files.readString(file.get()));
                } catch (IOException e) {
                    continue; // the compiler will say so
                }
                waiting.addAll(names.includes());
            }
        }
    }

    /**
     * The program's own header files, as far as they were looked into.
     *
     * @return files in the folders that the flags name
     */
    public Set<Path> localHeaders() {
        return localHeaders;
    }

    /**
     * Whether a name was looked for in the kernel's modules, as the kernel itself has not got it.
     *
     * @return true if so, found or not
     */
    public boolean usesModules() {
        return made().modules();
    }

    private List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (int i = 0; i < flags.size(); i++) {
            String flag = flags.get(i);
            if (flag.equals("-I") && i + 1 < flags.size()) {
                folders.add(Path.of(flags.get(i + 1)));
            } else if (flag.startsWith("-I") && flag.length() > 2) {
                folders.add(Path.of(flag.substring(2)));
            }
        }
        return folders;
    }

    private static Optional<Path> local(String include, List<Path> folders) {
        if (include.startsWith("/")) {
            return Optional.of(Path.of(include)).filter(Files::isRegularFile);
        }
        return folders.stream()
                .map(f -> f.resolve(include))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /**
     * The headers as they go to the compiler.
     *
     * @return files that hold all that is known to be needed
     */
    public MadeHeaders headers() {
        HeaderText.Result result = made();
        List<Path> folders = folders();
        Set<String> files = new TreeSet<>(LIBBCC_INCLUDES);
        names.includes().stream()
                .filter(i -> KERNEL_HEADER.matcher(i).matches() && !i.contains(".."))
                .filter(i -> local(i, folders).isEmpty())
                .forEach(files::add);
        return new MadeHeaders(result.text(), List.copyOf(files));
    }

    /**
     * Fingerprints of the kernel's structs that the program uses. Those of the user-space interface are not among them: they only grow.
     *
     * @return by tag, {@code struct sock}
     */
    public Map<String, Long> layouts() {
        RawBtf types = made().btf();
        Map<String, Long> layouts = new TreeMap<>();
        for (String tag : made().types()) {
            int id = types.record(tag.substring(tag.indexOf(' ') + 1));
            if (id != 0 && !StableTypes.contains(tag)) {
                layouts.put(tag, LayoutPrint.of(types, id));
            }
        }
        return layouts;
    }

    /**
     * The structs of a module that are laid out otherwise in a kernel.
     *
     * @param layouts of {@link #layouts()}
     * @param kernel another kernel
     * @return their tags
     */
    public static List<String> differences(Map<String, Long> layouts, KernelTypes kernel) {
        List<String> different = new ArrayList<>();
        layouts.forEach((tag, print) -> {
            String name = tag.substring(tag.indexOf(' ') + 1);
            RawBtf types = kernel.kernel().record(name) != 0
                    ? kernel.kernel()
                    : kernel.moduleWith(List.of(name)).orElse(kernel.kernel());
            int id = types.record(name);
            if (id == 0 || LayoutPrint.of(types, id) != print) {
                different.add(tag);
            }
        });
        return different;
    }
}

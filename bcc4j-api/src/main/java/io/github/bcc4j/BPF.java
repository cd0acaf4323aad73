package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.Binaries;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.RawTracepointSpec;
import io.github.bcc4j.attach.Tracepoint;
import io.github.bcc4j.attach.TracepointSpec;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.attach.UprobesSpec;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.ProgramSpec;
import io.github.bcc4j.diagnostic.VerifierException;
import io.github.bcc4j.event.TracePipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A BPF module in the kernel: its programs, their attachments, its maps. The way in.
 *
 * <p>{@snippet :
 * try (BPF bpf = BPF.fromSource("""
 *         BPF_HASH(counts, u32, u64);
 *         int on_clone(struct pt_regs *ctx) {
 *             counts.increment(bpf_get_current_pid_tgid() >> 32);
 *             return 0;
 *         }
 *         """)) {
 *     bpf.attachKprobe(BPF.syscallName("clone"), "on_clone");
 *     Map<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
 * }
 * }
 *
 * <p>The C text is bcc's dialect: its macros and map methods, see bcc's reference guide. It is compiled in a process of its own, so
 * nothing it holds can harm this JVM. Functions whose names begin with {@code kprobe__}, {@code kretprobe__}, {@code tracepoint__},
 * {@code raw_tracepoint__}, {@code kfunc__}, {@code kretfunc__}, {@code kmod_ret__}, {@code lsm__} or {@code bpf_iter__} are attached
 * at once where the name says.
 *
 * <p>Thread-safe. {@link #close()} undoes everything, in reverse order; the end of the process does so too, even by kill -9.
 */
public final class BPF extends BpfAttachments implements AutoCloseable {
    private record Key(String function, ProgramType type, Target target) {
        // Spelled out, as a JVM takes ten milliseconds of every start to make a record's first one.
        @Override
        public int hashCode() {
            return function.hashCode() * 31 + type.ordinal();
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Key k
                    && function.equals(k.function)
                    && type == k.type
                    && Objects.equals(target, k.target);
        }
    }

    private final Map<Key, BpfProgram> programs = new ConcurrentHashMap<>();
    private final List<BpfLink> links = new ArrayList<>();

    private BPF(CompiledModule module, List<BPF> lenders) {
        super(module, lenders);
        try {
            for (ProgramSpec program : module.programs()) {
                AutoAttach.place(program.name()).ifPresent(spec -> attach(spec, program.name()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Compiles and loads a C text.
     *
     * @param source the C text, in bcc's dialect
     * @return the module, to be closed
     * @throws CompileException if it does not compile
     * @throws VerifierException if the kernel's verifier refuses a function that is attached by its name
     * @throws BpfException if the kernel refuses anything else
     */
    public static BPF fromSource(String source) {
        return fromSource(source, CompilerOptions.DEFAULT);
    }

    /**
     * Compiles and loads a C text.
     *
     * @param source the C text, in bcc's dialect
     * @param options how to compile it
     * @return the module, to be closed
     * @throws CompileException if it does not compile
     * @throws VerifierException if the kernel's verifier refuses a function that is attached by its name
     * @throws BpfException if the kernel refuses anything else
     */
    public static BPF fromSource(String source, CompilerOptions options) {
        return load(Compiler.compile(source, options));
    }

    /**
     * Compiles and loads a C text that uses static probes of programs, and attaches its functions to them.
     *
     * @param source the C text, in bcc's dialect
     * @param options how to compile it
     * @param probes the static probes, with those enabled that are to be attached
     * @return the module, to be closed
     * @throws CompileException if it does not compile, which includes reading an argument that can't be read
     * @throws VerifierException if the kernel's verifier refuses a function
     * @throws AttachException if the kernel refuses a probe
     */
    public static BPF fromSource(String source, CompilerOptions options, Usdt... probes) {
        // The positions of messages stay those of the user's text.
        BPF bpf = fromSource(Usdt.text(probes) + "#line 1\n" + source, options);
        try {
            bpf.attach(probes);
            return bpf;
        } catch (RuntimeException e) {
            bpf.close();
            throw e;
        }
    }

    /**
     * Compiles and loads a C text that uses other modules' tables, declared with the type {@code "extern"}.
     *
     * @param source the C text, in bcc's dialect
     * @param options how to compile it
     * @param lenders who has the tables
     * @return the module, to be closed
     * @throws CompileException if it does not compile, as when no other module has a table
     * @throws BpfException if a table is of another shape, or the kernel refuses anything
     */
    public static BPF fromSource(String source, CompilerOptions options, BPF... lenders) {
        CompiledModule[] modules = Stream.of(lenders).map(BPF::module).toArray(CompiledModule[]::new);
        return load(Compiler.compile(source, options.withTablesOf(modules)), lenders);
    }

    /**
     * Loads what was compiled before, here or elsewhere.
     *
     * @param module from {@link Compiler#compile}
     * @return the module, to be closed
     * @throws BpfException if it was compiled for another kernel, where structs that it uses are laid out otherwise
     * @throws VerifierException if the kernel's verifier refuses a function that is attached by its name
     * @throws BpfException if the kernel refuses anything else
     */
    public static BPF load(CompiledModule module) {
        return load(module, new BPF[0]);
    }

    /**
     * Loads what was compiled before, and uses other modules' tables where its text says {@code "extern"}. The tables live as long as
     * any module that uses them.
     *
     * @param module from {@link Compiler#compile}, with {@link CompilerOptions#withTablesOf}
     * @param lenders who has the tables
     * @return the module, to be closed
     * @throws BpfException if none of them has a table, or it is of another shape
     */
    public static BPF load(CompiledModule module, BPF... lenders) {
        Fitting.require(module.kernel());
        return new BPF(module, List.of(lenders));
    }

    /**
     * The kernel function that a system call enters by.
     *
     * @param name the call, as in its man page: {@code clone}
     * @return {@code __x64_sys_clone} or what this kernel calls it
     */
    public static String syscallName(String name) {
        return Probes.syscallName(name);
    }

    /**
     * The kernel functions that kprobes can be attached to by name, as far as the kernel tells.
     *
     * @param names which: a pattern for whole names
     * @return each once, in the kernel's order
     */
    public static List<String> kprobeFunctions(Pattern names) {
        return Probes.kernelFunctions(names);
    }

    /**
     * The tracepoints of the running kernel and their fields.
     *
     * @param names which: a pattern for whole {@code category:name}
     * @return each, sorted by name
     */
    public static List<Tracepoint> tracepoints(Pattern names) {
        return Tracepoint.matching(names);
    }

    /**
     * Loads a function as a program of a type, or gives it if it is loaded so already.
     *
     * @param function its name in the C text
     * @param type the program type
     * @return the program; it lives as long as this
     * @throws IllegalArgumentException if the C text has no such function
     * @throws VerifierException if the kernel's verifier refuses it
     */
    public BpfProgram program(String function, ProgramType type) {
        if (type.isBoundToPlace()) {
            throw new IllegalArgumentException(
                    "a program of type " + type + " is loaded for one place only: attach " + function + " there");
        }
        return program(function, type, Target.NONE);
    }

    private synchronized BpfProgram program(String function, ProgramType type, Target target) {
        checkOpen();
        return programs.computeIfAbsent(new Key(function, type, target), key -> {
            ProgramSpec spec = module.programs().stream()
                    .filter(p -> p.name().equals(function))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the C text has no function \"" + function
                            + "\"; it has "
                            + names(module.programs().stream()
                                    .map(ProgramSpec::name)
                                    .toList())));
            return loader.load(spec, type, target);
        });
    }

    /**
     * Attaches a function, loading it first if need be.
     *
     * @param spec where
     * @param function its name in the C text
     * @return the attachment
     * @throws VerifierException if the kernel's verifier refuses it
     * @throws AttachException if the place does not exist or can't be probed, with the reason
     * @throws UnsupportedByKernelException if this kernel has no such kind of place
     */
    @Override
    public synchronized BpfLink attach(AttachSpec spec, String function) {
        BpfProgram program = program(function, UprobeAttacher.programType(spec), Target.of(spec, function));
        BpfLink link = Attacher.attach(program, spec, loader, this::forget);
        links.add(link);
        return link;
    }

    private synchronized void forget(BpfLink link) {
        links.remove(link);
    }

    /**
     * Attaches to the entry of a kernel function.
     *
     * @param event {@code function} or {@code function+offset}
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachKprobe(String event, String function) {
        return attach(KprobeSpec.entry(event), function);
    }

    /**
     * Attaches to the return of a kernel function.
     *
     * @param event the kernel function
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachKretprobe(String event, String function) {
        return attach(KprobeSpec.returnOf(event), function);
    }

    /**
     * Attaches to a tracepoint.
     *
     * @param tracepoint {@code category:name}
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachTracepoint(String tracepoint, String function) {
        return attach(TracepointSpec.of(tracepoint), function);
    }

    /**
     * Attaches to a tracepoint with its raw arguments.
     *
     * @param tracepoint its name, without category
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachRawTracepoint(String tracepoint, String function) {
        return attach(new RawTracepointSpec(tracepoint), function);
    }

    /**
     * Attaches to the entry of a function of a program or library, in all processes, those to come included.
     *
     * @param binary an absolute path, or a name as {@link Binaries#find} knows it: {@code c}, {@code libssl.so.3}, {@code bash}
     * @param symbol {@code function} or {@code function+offset}
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachUprobe(String binary, String symbol, String function) {
        return attach(UprobeSpec.entry(binary, symbol), function);
    }

    /**
     * Attaches to the return of a function of a program or library, in all processes, those to come included.
     *
     * @param binary an absolute path, or a name as {@link Binaries#find} knows it
     * @param symbol the function there
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachUretprobe(String binary, String symbol, String function) {
        return attach(UprobeSpec.returnOf(binary, symbol), function);
    }

    /**
     * Attaches to the entry of every function of a program or library whose whole name matches, in all processes.
     *
     * @param binary an absolute path, or a name as {@link Binaries#find} knows it
     * @param symbols which
     * @param function the function of the C text
     * @return one attachment for all
     * @throws AttachException if none matches or one can't be probed
     */
    public BpfLink attachUprobes(String binary, Pattern symbols, String function) {
        return attach(new UprobesSpec(binary, symbols, OptionalInt.empty(), false), function);
    }

    /**
     * Attaches to a counter of the kernel or the processor.
     *
     * @param event which, how often, and where: {@code PerfEventSpec.software(CPU_CLOCK).perSecond(99)}
     * @param function the function of the C text
     * @return one attachment for all CPUs
     */
    public BpfLink attachPerfEvent(PerfEventSpec event, String function) {
        return attach(event, function);
    }

    /**
     * Attaches functions to static probes, of a C text that was compiled with {@link Usdt#text} before it.
     *
     * @param probes the same probes in the same order
     * @return one attachment for each enabled probe
     * @throws AttachException if the kernel refuses one; then none is attached
     */
    public List<BpfLink> attach(Usdt... probes) {
        return attachAll(Usdt.attachments(probes), a -> attach(a.spec(), a.function()));
    }

    /**
     * The attachments there are.
     *
     * @return in the order they were made
     */
    public synchronized List<BpfLink> links() {
        return links.stream().filter(BpfLink::isAttached).toList(); // another thread may be closing one
    }

    /**
     * What {@code bpf_trace_printk} writes, of every program on this machine.
     *
     * @return an open reader, to be closed
     */
    public TracePipe trace() {
        return TracePipe.open();
    }

    /** Detaches everything, closes its buffers, programs and maps. Closing again does nothing. */
    @Override
    public void close() {
        List<BpfLink> attached;
        synchronized (this) {
            if (!markClosed()) {
                return;
            }
            attached = List.copyOf(links);
        }
        Closing.all(attached);
        programs.values().forEach(p -> p.fd().close());
        closeData();
    }
}

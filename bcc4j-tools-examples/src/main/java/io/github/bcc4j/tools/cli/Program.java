package io.github.bcc4j.tools.cli;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.ContainerFilter;
import io.github.bcc4j.kernel.Features;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A tool's C text and its parameters, which reach it as macros: numbers, names checked to be identifiers, texts compared byte by byte. Before
 * it stands {@code common.c}, whose {@code unwanted()} knows {@code ONLY_PID}, {@code ONLY_TID}, {@code ONLY_UID} and containers.
 */
public final class Program {
    private record Kprobe(Way way, String function) {}

    private final String text;
    private final Consumer<String> whenComplete;
    private final List<Kprobe> kprobes = new ArrayList<>();
    private CompilerOptions options;
    private ContainerFilter containers = new ContainerFilter(Optional.empty(), Optional.empty());

    Program(String text, Consumer<String> whenComplete) {
        this.text = text;
        this.whenComplete = whenComplete;
        this.options = CompilerOptions.DEFAULT;
    }

    /**
     * Defines a macro as a number.
     *
     * @param name the macro
     * @param value its value; null to leave it undefined
     * @return this
     */
    public Program define(String name, Number value) {
        if (value != null) {
            options = options.define(name, value.longValue());
        }
        return this;
    }

    /**
     * Defines a macro, or does not.
     *
     * @param name the macro, 1 if it is defined
     * @param defined whether it is
     * @return this
     */
    public Program defineIf(String name, boolean defined) {
        return define(name, defined ? 1 : null);
    }

    /**
     * Defines a macro that compares an array of characters with a text.
     *
     * @param name the macro, true of an array with this text
     * @param text the text; null to leave it undefined
     * @return this
     */
    public Program defineEquals(String name, String text) {
        if (text != null) {
            options = options.defineEquals(name, text);
        }
        return this;
    }

    /**
     * Defines a macro if the kernel's types have a member: for those that came, went or were renamed.
     *
     * @param name the macro
     * @param struct the struct or union, without that word
     * @param member the member, its own or of an unnamed part
     * @return this
     */
    public Program defineIfMember(String name, String struct, String member) {
        return defineIf(name, Features.member(struct, member).isSupported());
    }

    /**
     * Limits {@code unwanted()} to processes of the containers that the user named.
     *
     * @param chosen the user's choice
     * @return this
     */
    public Program in(Containers chosen) {
        containers = new ContainerFilter(
                Optional.ofNullable(chosen.cgroups()).map(Path::toAbsolutePath),
                Optional.ofNullable(chosen.mountNamespaces()).map(Path::toAbsolutePath));
        return this;
    }

    /**
     * Takes the first way of seeing something that this kernel has. The macro {@code VIA_} and the way's target, such as
     * {@code VIA_filemap_add_folio} or {@code VIA_block_block_rq_issue}, is defined. A function of the kernel is attached to when the
     * program is loaded; a tracepoint's handler is its {@code TRACEPOINT_PROBE}.
     *
     * @param hook what is to be seen
     * @param function the C function for a kprobe or kretprobe
     * @return this
     * @throws io.github.bcc4j.BpfException if the kernel has none, with what is missing of each
     */
    public Program via(Hook hook, String function) {
        return via(hook.choose(), function);
    }

    /**
     * The same, where the tool can do without.
     *
     * @param hook what is to be seen
     * @param function the C function for a kprobe or kretprobe
     * @return this; nothing is defined if the kernel has no way
     */
    public Program viaIfPossible(Hook hook, String function) {
        hook.find().ifPresent(way -> via(way, function));
        return this;
    }

    /**
     * Takes the first function that this kernel has, at its entry and at its return.
     *
     * @param hook what is to be seen, by functions
     * @param entry the C function for the entry
     * @param exit the C function for the return
     * @return this
     * @throws io.github.bcc4j.BpfException if the kernel has none, with what is missing of each
     */
    public Program around(Hook hook, String entry, String exit) {
        Way way = hook.choose();
        via(way, entry);
        kprobes.add(new Kprobe(new Way(Way.Kind.KRETPROBE, way.target()), exit));
        return this;
    }

    private Program via(Way way, String function) {
        options = options.define(way.macro(), 1);
        if (way.isKprobe()) {
            kprobes.add(new Kprobe(way, function));
        }
        return this;
    }

    /**
     * Compiles, loads and attaches it.
     *
     * @param probes of processes that it handles
     * @return to be closed
     */
    public BPF load(Usdt... probes) {
        String all = Programs.read(Program.class, "common.c") + text;
        whenComplete.accept(text);
        BPF bpf = BPF.fromSource(containers.text() + all, options, probes);
        try {
            for (Kprobe kprobe : kprobes) {
                kprobe.way.attach(bpf, kprobe.function);
            }
            return bpf;
        } catch (RuntimeException e) {
            bpf.close();
            throw e;
        }
    }
}

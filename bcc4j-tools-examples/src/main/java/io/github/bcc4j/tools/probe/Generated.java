package io.github.bcc4j.tools.probe;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.tools.probe.ProbeSpec.Kind;
import io.github.bcc4j.tools.probe.ProbeSpec.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The C function that stands at one place, made for it: what expressions there may name, how it begins, and how it is attached.
 *
 * @param spec the place
 * @param name the function's name
 */
public record Generated(ProbeSpec spec, String name) {
    private static final Pattern ARGUMENT = Pattern.compile("arg([1-9]\\d?)");

    /**
     * The function for a place.
     *
     * @param spec the place
     * @param number distinguishes it from others of its program
     * @return with its name
     */
    public static Generated of(ProbeSpec spec, int number) {
        return named(spec, "probe_" + number);
    }

    /** bcc looks into the registers' registers for the parameters of system calls if the name begins so. */
    static Generated named(ProbeSpec spec, String name) {
        boolean syscall = !spec.isUser() && spec.kind() == Kind.ENTRY && isSyscall(spec.function());
        return new Generated(spec, (syscall ? "syscall__" : "") + name);
    }

    private static boolean isSyscall(String function) {
        return function.matches("(sys_|SyS_|__x64_sys_|__arm64_sys_|__se_sys_).*");
    }

    /**
     * How the function begins, up to and with its brace.
     *
     * @return C
     */
    public String head() {
        if (spec.kind() == Kind.TRACEPOINT) {
            return "TRACEPOINT_PROBE(" + spec.library() + ", " + spec.function() + ") {\n    void *ctx = args;\n";
        }
        StringBuilder head = new StringBuilder("int " + name + "(struct pt_regs *ctx");
        if (spec.kind() == Kind.ENTRY) {
            for (Parameter p : spec.signature()) {
                head.append(", ").append(p.type()).append(' ').append(parameter(p.name()));
            }
        }
        return head.append(") {\n").toString();
    }

    /**
     * What has to be read before expressions can be computed: arguments of static probes.
     *
     * @param expressions all that are in the function
     * @return C
     */
    public String reads(List<Expression> expressions) {
        Set<Integer> numbers = new TreeSet<>();
        expressions.forEach(e -> e.tokens().forEach(t -> {
            Matcher m = ARGUMENT.matcher(t);
            if (spec.kind() == Kind.USDT && m.matches()) {
                numbers.add(Integer.valueOf(m.group(1)));
            }
        }));
        StringBuilder reads = new StringBuilder();
        numbers.forEach(n -> reads.append(
                "    u64 usdt_arg%d = 0;\n    bpf_usdt_readarg(%d, ctx, &usdt_arg%d);\n".formatted(n, n, n)));
        return reads.toString();
    }

    /**
     * What stands for a name in an expression.
     *
     * @param name as the user wrote it
     * @return C; null if it means nothing here
     */
    public String value(String name) {
        Matcher argument = ARGUMENT.matcher(name);
        if (argument.matches() && spec.kind() != Kind.TRACEPOINT) {
            int n = Integer.parseInt(argument.group(1));
            if (spec.kind() == Kind.USDT) {
                return "usdt_arg" + n;
            }
            return spec.kind() == Kind.ENTRY && n <= 6
                    ? (name().startsWith("syscall__") ? syscallArgument(n) : "PT_REGS_PARM" + n + "(ctx)")
                    : null;
        }
        return switch (name) {
            case "retval" -> spec.kind() == Kind.RETURN ? "PT_REGS_RC(ctx)" : null;
            case "args" -> spec.kind() == Kind.TRACEPOINT ? "args" : null;
            case "$uid" -> "(u32)bpf_get_current_uid_gid()";
            case "$gid" -> "(u32)(bpf_get_current_uid_gid() >> 32)";
            case "$pid" -> "(u32)bpf_get_current_pid_tgid()";
            case "$tgid" -> "(u32)(bpf_get_current_pid_tgid() >> 32)";
            case "$cpu" -> "bpf_get_smp_processor_id()";
            case "$task" -> "((struct task_struct *)bpf_get_current_task())";
            case "NULL" -> "0";
            default ->
                spec.kind() == Kind.ENTRY
                                && spec.signature().stream()
                                        .anyMatch(p -> p.name().equals(name))
                        ? parameter(name)
                        : null;
        };
    }

    /** What a parameter is called in C, where it can't be taken for anything else. */
    static String parameter(String name) {
        return "p_" + name;
    }

    private static String syscallArgument(int n) {
        return "({ u64 value = 0; bpf_probe_read_kernel(&value, sizeof(value), &PT_REGS_PARM" + n
                + (n == 4 ? "_SYSCALL" : "") // the processor's own call instruction uses that register
                + "((struct pt_regs *)PT_REGS_PARM1(ctx))); value; })";
    }

    /**
     * Whether a text that an expression points to is in a process's memory rather than in the kernel's.
     *
     * @param expression the pointer
     * @return true for functions of processes, and for pointers of system calls
     */
    public boolean isUserText(Expression expression) {
        return spec.isUser()
                || spec.kind() == Kind.TRACEPOINT && spec.library().equals("syscalls")
                || name.startsWith("syscall__") && !expression.mentions("$task");
    }

    /**
     * An expression in C.
     *
     * @param expression what the user wrote
     * @return C
     * @throws IllegalArgumentException if it names what is not here
     */
    public String c(Expression expression) {
        return expression.c(this::value, (text, pointer) -> compare(text, pointer, isUserText(expression)));
    }

    /** Reads a text and compares it, byte by byte, as numbers. */
    static String compare(String text, String pointer, boolean user) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 79) {
            throw new IllegalArgumentException("a text to compare with has 79 bytes at most: \"" + text + '"');
        }
        StringBuilder c = new StringBuilder("({ char text[80] = {}; bpf_probe_read_")
                .append(user ? "user" : "kernel")
                .append("_str(&text, sizeof(text), (void *)")
                .append(pointer)
                .append("); 1");
        for (int i = 0; i <= bytes.length; i++) {
            c.append(" && text[").append(i).append("] == ").append(i < bytes.length ? bytes[i] : 0);
        }
        return c.append("; })").toString();
    }

    /**
     * Attaches it; tracepoints and static probes are attached already.
     *
     * @param bpf the program
     * @param pid the process whose functions are meant; empty for all that have the library
     */
    public void attach(BPF bpf, OptionalInt pid) {
        boolean entry = spec.kind() == Kind.ENTRY;
        if (spec.kind() == Kind.TRACEPOINT || spec.kind() == Kind.USDT) {
            return;
        }
        if (spec.isUser()) {
            if (spec.offset() != 0) {
                throw new IllegalArgumentException("an offset is for functions of the kernel: " + spec.function());
            }
            UprobeSpec place = entry
                    ? UprobeSpec.entry(spec.library(), spec.function())
                    : UprobeSpec.returnOf(spec.library(), spec.function());
            bpf.attach(pid.isPresent() ? place.withPid(pid.getAsInt()) : place, name);
            return;
        }
        String function = Probes.fixSyscallName(spec.function());
        if (entry) {
            bpf.attachKprobe(spec.offset() == 0 ? function : function + "+" + spec.offset(), name);
        } else {
            bpf.attachKretprobe(function, name);
        }
    }

    /**
     * Attaches those that can be: one function that can't be probed keeps no other from it.
     *
     * @param bpf the program
     * @param all functions
     * @param pid the process whose functions are meant; empty for all that have the library
     * @param refused told of those that can't, in words
     * @return how many can't
     * @throws AttachException if none can, as for the first
     */
    public static int attachAll(BPF bpf, List<Generated> all, OptionalInt pid, Consumer<String> refused) {
        List<String> names = new ArrayList<>();
        AttachException first = null;
        for (Generated one : all) {
            try {
                one.attach(bpf, pid);
            } catch (AttachException e) {
                first = first == null ? e : first;
                names.add(one.spec.function());
            }
        }
        if (first != null && names.size() == all.size()) {
            throw first;
        }
        if (first != null) {
            refused.accept(names.size() + " of " + all.size() + " functions can't be probed: "
                    + String.join(", ", names.subList(0, Math.min(5, names.size())))
                    + (names.size() > 5 ? ", ..." : "") + " ("
                    + first.hint().orElse(first.errnoName()) + ")");
        }
        return names.size();
    }

    /**
     * The static probes of some functions.
     *
     * @param all functions
     * @param pid the process to look at; empty for all that have the library
     * @return to be given to the compiler
     */
    public static Usdt[] usdt(List<Generated> all, OptionalInt pid) {
        List<Usdt> probes = new ArrayList<>();
        for (Generated g : all) {
            if (g.spec.kind() == Kind.USDT) {
                Usdt usdt = pid.isPresent() ? Usdt.of(g.spec.library(), pid.getAsInt()) : Usdt.of(g.spec.library());
                probes.add(usdt.enable(g.spec.function(), g.name));
            }
        }
        return probes.toArray(Usdt[]::new);
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.symbol.Frame;
import io.github.bcc4j.symbol.StackResolver;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.tools.cli.Containers;
import io.github.bcc4j.tools.cli.Format;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Program;
import io.github.bcc4j.tools.cli.Programs;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.cli.Users;
import io.github.bcc4j.tools.probe.Generated;
import io.github.bcc4j.tools.probe.TracePoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Any function, tracepoint or static probe: when it is met, with a message of what the user wants to see. */
@Command(
        name = "trace",
        description = "Trace functions, tracepoints and static probes, with a message of your own.",
        footer = {
            "",
            "A probe is PLACE (PREDICATE) \"FORMAT\", EXPRESSION, ...; the places are those of",
            "  vfs_read, p::vfs_read   a function of the kernel          r::vfs_read  its return",
            "  c:malloc, p:c:malloc    a function of a library           r:c:malloc   its return",
            "  t:sched:sched_switch    a tracepoint                      u:c:memory_sbrk_more  a static probe",
            "and in expressions arg1, ... arg6, retval, args->FIELD, $pid $tgid $uid $gid $cpu $task,",
            "parameters of a signature, STRCMP(\"text\", pointer).",
            "",
            "Examples:",
            "  trace 't:syscalls:sys_enter_openat \"%s\", args->filename'",
            "  trace 'r::vfs_read (retval > 100000) \"read %d bytes\", retval'",
            "  trace 'c:getaddrinfo \"%s\", arg1'",
            "  trace -K 't:block:block_rq_issue (args->bytes > 65536) \"%d\", args->bytes'",
            "  trace 'vfs_open(struct path *path) \"%s\", path->dentry->d_name.name'"
        })
final class Trace extends Tool {
    @Parameters(arity = "1..*", paramLabel = "PROBE", description = "What to trace.")
    private List<String> probes;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    @Option(
            names = {"-L", "--tid"},
            description = "Trace this thread only.")
    private Long tid;

    @Option(names = "--uid", paramLabel = "USER", converter = Users.class, description = "Trace this user only.")
    private Long uid;

    @Option(
            names = {"-n", "--name"},
            description = "Trace processes of this name only.")
    private String name;

    @Option(
            names = {"-f", "--msg-filter"},
            paramLabel = "TEXT",
            description = "Print messages that have this text only.")
    private String only;

    @Option(
            names = {"-Z", "--string-size"},
            defaultValue = "80",
            paramLabel = "BYTES",
            description = "Of texts, at most (default ${DEFAULT-VALUE}).")
    private int textSize;

    @Option(
            names = {"-S", "--include-self"},
            description = "Trace this tool, too.")
    private boolean self;

    @Option(
            names = {"-M", "--max-events"},
            paramLabel = "N",
            description = "End after so many.")
    private long most;

    @Option(
            names = {"-t", "--timestamp"},
            description = "Print seconds since the start.")
    private boolean timestamp;

    @Option(
            names = {"-T", "--time"},
            description = "Print the time of day.")
    private boolean time;

    @Option(
            names = {"-C", "--print_cpu"},
            description = "Print the CPU.")
    private boolean cpu;

    @Option(
            names = {"-K", "--kernel-stack"},
            description = "Print the kernel's stack.")
    private boolean kernelStack;

    @Option(
            names = {"-U", "--user-stack"},
            description = "Print the process's stack.")
    private boolean userStack;

    @Option(
            names = {"-a", "--address"},
            description = "Print addresses in stacks.")
    private boolean addresses;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show the C text, too.")
    private boolean verbose;

    @Option(
            names = {"-I", "--include"},
            paramLabel = "HEADER",
            description = "Include this header of the kernel, such as linux/fs.h.")
    private List<String> headers = List.of();

    @Option(
            names = {"-b", "--buffer-pages"},
            paramLabel = "N",
            defaultValue = "64",
            description = "Pages of the buffer of each CPU, a power of two (default ${DEFAULT-VALUE}).")
    private int bufferPages;

    @Mixin
    private Containers containers;

    private record Event(
            long ns,
            String function,
            int cpu,
            int pid,
            int tid,
            String comm,
            String message,
            List<String> kernel,
            List<String> user) {}

    private long start;
    private long printed;

    @Override
    protected void trace(Session session, Output out) {
        if (textSize < 1 || textSize > 4096) {
            throw new IllegalArgumentException("--string-size is 1 to 4096, not " + textSize);
        }
        int size = (textSize + 7) / 8 * 8;
        List<TracePoint> points = new ArrayList<>();
        for (String probe : probes) {
            points.add(TracePoint.parse(probe, points.size(), size));
        }
        StringBuilder text = new StringBuilder(includes(headers)).append(Programs.read(getClass(), "trace.c"));
        points.forEach(p -> text.append(p.c(kernelStack, userStack)));
        if (verbose) {
            out.text("%s%n", text);
        }
        List<Generated> places = points.stream().map(TracePoint::place).toList();
        Program program = generated(text.toString())
                .define("ONLY_PID", pid)
                .define("ONLY_TID", tid)
                .define("ONLY_UID", uid)
                .define("SELF", self ? null : (Long) ProcessHandle.current().pid())
                .defineEquals("NAMED", name)
                .in(containers);
        OptionalInt process = pid == null ? OptionalInt.empty() : OptionalInt.of(pid.intValue());
        try (BPF bpf = program.load(Generated.usdt(places, process));
                StackResolver resolver = new StackResolver();
                PerfBuffer<byte[]> events =
                        bpf.perfBuffer("events", byte[].class, new PerfBufferOptions(bufferPages, 1))) {
            places.forEach(p -> p.attach(bpf, process));
            boolean messages = points.stream().anyMatch(p -> !p.isPlain());
            Rows<Event> rows = rows(out, messages);
            BpfStackTraces stacks = bpf.stackTraces("stacks");
            rows.header();
            start = System.nanoTime();
            session.ready();
            while (session.running()) {
                events.pollRaw(
                        Duration.ofMillis(50),
                        (on, memory, at, length) -> print(session, rows, decode(points, memory, at, resolver, stacks)));
                out.flush();
            }
            events.pollRaw(
                    Duration.ZERO,
                    (on, memory, at, length) -> print(session, rows, decode(points, memory, at, resolver, stacks)));
            out.flush();
            warnIfLost(events.lost());
        }
    }

    static String includes(List<String> headers) {
        StringBuilder text = new StringBuilder();
        for (String header : headers) {
            if (!header.matches("[\\w/.-]+\\.h")) {
                throw new IllegalArgumentException("not a header of the kernel: \"" + header + '"');
            }
            text.append("#include <").append(header).append(">\n");
        }
        return text.toString();
    }

    private Rows<Event> rows(Output out, boolean messages) {
        boolean text = out.format() == Format.TEXT;
        return new Rows<Event>(out)
                .column(time, "TIME", "%-9s", e -> Intervals.clock())
                .column(timestamp, "TIME(s)", "%-8.6f ", e -> (e.ns() - start) / 1e9)
                .column(cpu, "CPU", "%-3d ", Event::cpu)
                .column("PID", "%-7d ", Event::pid)
                .column("TID", "%-7d ", Event::tid)
                .column("COMM", "%-15s ", Event::comm)
                .column("FUNC", "%-16s ", Event::function)
                .column(messages && text, "-", "%s", Event::message)
                .column(messages && !text, "MESSAGE", "%s", Event::message)
                .column(!text && kernelStack, "KERNEL", "%s", Event::kernel)
                .column(!text && userStack, "USER", "%s", Event::user);
    }

    private void print(Session session, Rows<Event> rows, Event event) {
        if (only != null && !event.message().contains(only) || most > 0 && printed == most) {
            return;
        }
        rows.print(event);
        event.kernel().forEach(f -> session.output().text("        %s%n", f));
        event.user().forEach(f -> session.output().text("        %s%n", f));
        if (kernelStack || userStack) {
            session.output().text("%n");
        }
        if (++printed == most) {
            session.stop();
        }
    }

    private Event decode(
            List<TracePoint> points, MemorySegment memory, long at, StackResolver resolver, BpfStackTraces stacks) {
        TracePoint point = points.get(memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + 8));
        int process = memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + 16);
        byte[] comm = memory.asSlice(at + 48, 16).toArray(ValueLayout.JAVA_BYTE);
        String commText = new String(comm, StandardCharsets.UTF_8);
        return new Event(
                memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at),
                point.place().spec().function(),
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + 12),
                process,
                memory.get(ValueLayout.JAVA_INT_UNALIGNED, at + 20),
                commText.substring(0, (commText + '\0').indexOf('\0')),
                point.message(
                        memory,
                        at,
                        address -> text(resolver.kernel(new long[] {address})),
                        address -> text(resolver.user(new long[] {address}, process))),
                names(stacks, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 32), resolver, 0),
                names(stacks, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 40), resolver, process));
    }

    private static String text(List<Frame> frames) {
        return frames.isEmpty() ? "0x0" : frames.getFirst().toString();
    }

    private List<String> names(BpfStackTraces stacks, long id, StackResolver resolver, int process) {
        if (id < 0) {
            return List.of();
        }
        List<Frame> frames =
                process == 0 ? resolver.kernel(stacks.addresses(id)) : resolver.user(stacks.addresses(id), process);
        return frames.stream()
                .map(f -> (addresses ? Long.toHexString(f.address()) + " " : "") + f)
                .toList();
    }
}

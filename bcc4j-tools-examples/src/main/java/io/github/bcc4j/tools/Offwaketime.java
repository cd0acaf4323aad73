package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.symbol.Frame;
import io.github.bcc4j.symbol.StackResolver;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.tools.cli.Blocked;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Stacks;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How long threads sleep, by where they went to sleep and where somebody woke them. */
@Command(
        name = "offwaketime",
        description = "Sum up the time that threads sleep, by their stack and their waker's.",
        footer = {
            "",
            "Examples:",
            "  offwaketime 5            # for five seconds",
            "  offwaketime -p 181 5     # of one process",
            "  offwaketime --flame woken.html 5   # a flame graph, the waker's stack upside down on the sleeper's",
            "  offwaketime -f 5         # a line for each: thread;stack;--;waker's stack;waker"
        })
final class Offwaketime extends Tool {
    @Mixin
    private Blocked blocked;

    @Mixin
    private Stacks stacks;

    record Side(@Unsigned int pid, @Unsigned int tid, long kernel, long user, String comm) {}

    record Both(Side target, Side waker) {}

    record Asleep(long ns, Both both) {}

    private record Pair(String target, List<Frame> below, String waker, List<Frame> above, long us) {
        /** The waker's stack as it stands on the other's: upside down, with the waker on top. */
        List<Frame> upon() {
            List<Frame> upon = new ArrayList<>();
            upon.add(new Frame(Frame.Kind.USER, 0, waker, 0, ""));
            upon.addAll(above.reversed());
            upon.add(new Frame(Frame.Kind.USER, 0, "--", 0, ""));
            return upon;
        }
    }

    @Override
    protected void trace(Session session, Output out) throws InterruptedException, IOException {
        try (BPF bpf = blocked.define(stacks.define(program()), session).load();
                StackResolver resolver = new StackResolver()) {
            if (!stacks.isFolded()) {
                out.text("Tracing blocked time (us) by user + kernel stack%s%n", blocked.howLong());
            }
            BpfHash<Both, Long> times = bpf.hash("times", Both.class, Long.class);
            BpfHash<Integer, Asleep> sleepers = bpf.hash("sleepers", Integer.class, Asleep.class);
            BpfStackTraces table = bpf.stackTraces("stacks");
            stacks.begin("Off-CPU time, and who ended it", "us");
            session.ready();
            stacks.await(
                    session,
                    seen -> sleepers.forEach((tid, a) -> seen.accept(
                            a.both().target().user(), a.both().target().pid())),
                    table,
                    resolver);
            bpf.links().forEach(BpfLink::close);
            List<Pair> pairs = new ArrayList<>();
            times.forEach((both, us) -> pairs.add(new Pair(
                    both.target().comm() + " " + both.target().tid(),
                    frames(table, resolver, both.target()),
                    both.waker().comm() + " " + both.waker().tid(),
                    frames(table, resolver, both.waker()),
                    us)));
            pairs.sort((a, b) -> Long.compare(a.us(), b.us()));
            if (stacks.isFolded()) {
                pairs.forEach(p -> stacks.add(p.target(), 0, p.upon(), p.below(), p.us()));
                stacks.write(out);
            } else {
                pairs.forEach(p -> write(out, p));
                out.flush();
            }
            warnIfLost(bpf.array("lost", Long.class).get(0));
        }
    }

    private List<Frame> frames(BpfStackTraces table, StackResolver resolver, Side side) {
        List<Frame> frames = new ArrayList<>(stacks.frames(table, resolver, side.kernel(), 0));
        frames.addAll(stacks.frames(table, resolver, side.user(), side.pid()));
        return frames;
    }

    private void write(Output out, Pair p) {
        out.text("    waker:           %s%n", p.waker());
        p.above().reversed().forEach(f -> out.text("    %s%n", f.name()));
        out.text("    --               --%n");
        p.below().forEach(f -> out.text("    %s%n", f.name()));
        out.text("    target:          %s%n        %d%n%n", p.target(), p.us());
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("waker", p.waker());
        object.put("waker_stack", p.above().stream().map(Frame::name).toList());
        object.put("target", p.target());
        object.put("target_stack", p.below().stream().map(Frame::name).toList());
        object.put("us", p.us());
        out.object(object);
    }
}

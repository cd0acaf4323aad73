package io.github.bcc4j.tests;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.CgroupSpec;
import io.github.bcc4j.attach.FentrySpec;
import io.github.bcc4j.attach.IteratorSpec;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.KprobesSpec;
import io.github.bcc4j.attach.LsmSpec;
import io.github.bcc4j.attach.NamespaceSpec;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.RawSocketSpec;
import io.github.bcc4j.attach.RawTracepointSpec;
import io.github.bcc4j.attach.SocketSpec;
import io.github.bcc4j.attach.SockmapSpec;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.attach.TracepointSpec;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.attach.UprobesSpec;
import io.github.bcc4j.attach.UsdtSpec;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.kernel.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the running kernel does for bcc4j: each kind of attachment is tried, what else there is is probed. */
final class KernelSupport {
    private static final int KPROBE = 2;

    private KernelSupport() {}

    /** Prints a line for each feature: its group, its name and the answer between tabs. */
    public static void main(String[] args) throws IOException {
        answers().forEach((feature, answer) -> System.out.println(feature + "\t" + answer));
    }

    /** {@code group\tfeature} to {@code yes}, {@code no}, or {@code refused}: the kernel may have it and does not let us. */
    static Map<String, String> answers() throws IOException {
        Map<String, String> answers = new LinkedHashMap<>();
        attachments(answers);
        probes(answers);
        maps(answers);
        helpers(answers);
        return answers;
    }

    private static void attachments(Map<String, String> answers) throws IOException {
        Path modules = Files.createTempDirectory("bcc4j-support");
        Compiler.compile(AttachRow.TEXT, CompilerOptions.DEFAULT).write(modules.resolve("plain"));
        Compiler.compile(AttachRow.TEXT_WITH_SOCKETS, CompilerOptions.DEFAULT).write(modules.resolve("sockets"));
        try (NetworkLab lab = new NetworkLab();
                Cgroup cgroup = Cgroup.make();
                TestSocket socket = TestSocket.open()) {
            for (AttachRow row : AttachRow.all(cgroup.path(), lab.namespace(1), socket.descriptor())) {
                String outcome = AttachMatrixTest.attempt(modules, row, row.there());
                String answer = outcome.isEmpty()
                        ? "yes"
                        : outcome.startsWith("UnsupportedByKernelException\t") ? "no" : "refused";
                answers.put("Attachments\t" + name(row.there()), answer);
            }
        } finally {
            for (String file : List.of("plain", "sockets", "")) {
                Files.delete(modules.resolve(file));
            }
        }
    }

    private static String name(AttachSpec spec) {
        return switch (spec) {
            case KprobeSpec k when k.returning() -> "kretprobe with a number of its own instances";
            case KprobeSpec k -> "kprobe";
            case KprobesSpec k -> "many kprobes by one link (kprobe.multi)";
            case TracepointSpec t -> "tracepoint";
            case RawTracepointSpec t -> "raw tracepoint";
            case UprobeSpec u -> "uprobe";
            case UprobesSpec u -> "uprobes by pattern";
            case UsdtSpec u -> "USDT";
            case PerfEventSpec e -> "perf event (software clock)";
            case FentrySpec f -> "fentry";
            case LsmSpec l -> "LSM hook";
            case IteratorSpec i -> "iterator";
            case RawSocketSpec s -> "raw socket";
            case SocketSpec s -> "socket filter";
            case XdpSpec x -> "XDP";
            case TcSpec t when t.priority() != 0 -> "TC as a tc filter with a priority";
            case TcSpec t -> "TC";
            case CgroupSpec c -> "cgroup";
            case SockmapSpec s -> "socket map";
            case NamespaceSpec n -> "network namespace (flow dissector)";
        };
    }

    private static void probes(Map<String, String> answers) {
        Map<String, Features.Result> found = new LinkedHashMap<>();
        found.put("type information (BTF)", Features.btf());
        found.put("uprobe.multi links", Features.uprobeMulti());
        found.put("TCX links", Features.tcx());
        found.put("XDP links", Features.xdp());
        found.put("cgroup links", Features.cgroup());
        found.forEach((name, result) -> answers.put("Means\t" + name, said(result)));
    }

    private static String said(Features.Result result) {
        return switch (result.state()) {
            case SUPPORTED -> "yes";
            case UNSUPPORTED -> "no";
            case UNKNOWN -> "refused";
        };
    }

    /** A type of maps: its number, and the sizes it wants. */
    private record MapType(String name, int type, int key, int value, int entries) {}

    private static void maps(Map<String, String> answers) {
        int page = 4096;
        List.of(
                        new MapType("hash", 1, 4, 8, 4),
                        new MapType("array", 2, 4, 8, 4),
                        new MapType("per-CPU hash", 5, 4, 8, 4),
                        new MapType("per-CPU array", 6, 4, 8, 4),
                        new MapType("stack trace", 7, 4, 8 * 127, 4),
                        new MapType("LRU hash", 9, 4, 8, 4),
                        new MapType("device map", 14, 4, 4, 4),
                        new MapType("socket map", 15, 4, 4, 4),
                        new MapType("CPU map", 16, 4, 4, 4),
                        new MapType("AF_XDP map", 17, 4, 4, 4),
                        new MapType("socket hash", 18, 4, 4, 4),
                        new MapType("queue", 22, 0, 8, 4),
                        new MapType("stack", 23, 0, 8, 4),
                        new MapType("ring buffer", 27, 0, 0, page),
                        new MapType("bloom filter", 30, 0, 8, 4),
                        new MapType("user ring buffer", 31, 0, 0, page))
                .forEach(m -> answers.put(
                        "Maps\t" + m.name(),
                        said(Features.mapType(m.type(), m.key(), m.value(), m.entries(), m.name()))));
    }

    private static void helpers(Map<String, String> answers) {
        Map<String, Integer> helpers = new LinkedHashMap<>();
        helpers.put("bpf_get_stack", 67);
        helpers.put("bpf_probe_read_user", 112);
        helpers.put("bpf_probe_read_kernel", 113);
        helpers.put("bpf_ktime_get_boot_ns", 125);
        helpers.put("bpf_get_current_task_btf", 158);
        helpers.put("bpf_snprintf", 165);
        helpers.put("bpf_get_func_ip", 173);
        helpers.put("bpf_get_attach_cookie", 174);
        helpers.put("bpf_loop", 181);
        helpers.put("bpf_ktime_get_tai_ns", 208);
        helpers.put("bpf_user_ringbuf_drain", 209);
        helpers.put("bpf_cgrp_storage_get", 210);
        helpers.forEach((name, number) ->
                answers.put("Helpers of kprobes\t`" + name + "`", said(Features.helper(KPROBE, number))));
    }
}

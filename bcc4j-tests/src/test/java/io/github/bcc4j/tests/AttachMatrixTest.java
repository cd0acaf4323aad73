package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.UprobeSpec;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.kernel.KernelVersion;
import io.github.bcc4j.kernel.Privileges;
import io.github.bcc4j.tests.AttachRow.Refusal;
import io.github.bcc4j.tests.AttachRow.Rights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of place, misspelt, forbidden, and on a kernel without it: what the user reads. */
@Tag("native")
@Timeout(300)
class AttachMatrixTest {
    @TempDir
    private static Path folder;

    private static NetworkLab lab;
    private static Cgroup cgroup;
    private static TestSocket socket;
    private static List<AttachRow> rows;

    @BeforeAll
    static void prepare() throws IOException {
        Compiler.compile(AttachRow.TEXT, CompilerOptions.DEFAULT).write(folder.resolve("plain"));
        Compiler.compile(AttachRow.TEXT_WITH_SOCKETS, CompilerOptions.DEFAULT).write(folder.resolve("sockets"));
        lab = new NetworkLab();
        cgroup = Cgroup.make();
        socket = TestSocket.open();
        rows = AttachRow.all(cgroup.path(), lab.namespace(1), socket.descriptor());
    }

    @AfterAll
    static void tidyUp() throws IOException {
        socket.close();
        cgroup.close();
        lab.close();
    }

    /** Attaches, detaches, and tells what was thrown: "Type\tmessage", or nothing. */
    static String attempt(Path modules, AttachRow row, AttachSpec spec) {
        CompiledModule module = CompiledModule.read(modules.resolve(row.takesSockets() ? "sockets" : "plain"));
        try (BPF bpf = BPF.load(module)) {
            try (BpfLink link = bpf.attach(spec, "any")) {
                return link.isAttached() && bpf.links().equals(List.of(link)) ? "" : "not attached: " + link;
            } catch (RuntimeException e) {
                return bpf.links().isEmpty() ? told(e) : "a link is left: " + bpf.links();
            }
        } catch (RuntimeException e) {
            return told(e); // by a map
        }
    }

    private static String told(RuntimeException e) {
        if (e instanceof BpfSyscallException s && !e.getMessage().contains(": " + s.errnoName() + " (")) {
            return "the number " + s.errno() + " is not in the message: " + e.getMessage();
        }
        if (e instanceof BpfException b && !e.getMessage().endsWith(b.hint().orElse("no hint"))) {
            return "no hint, or it is not in the message: " + e.getMessage();
        }
        return e.getClass().getSimpleName() + "\t" + e.getMessage();
    }

    private static void compare(List<String> outcomes, Function<AttachRow, Refusal> expected) {
        SoftAssertions all = new SoftAssertions();
        for (int i = 0; i < rows.size(); i++) {
            String outcome = outcomes.get(i);
            Refusal refusal = expected.apply(rows.get(i));
            if (refusal == null) {
                all.assertThat(outcome).as(rows.get(i).there().toString()).isEmpty();
            } else {
                String[] parts = outcome.split("\t", 2);
                all.assertThat(parts.length == 2 && refusal.fits(parts[0], parts[1]))
                        .as(
                                "%s%n  should be refused by%n%s%n  but was%n%s",
                                rows.get(i).there(), refusal, outcome)
                        .isTrue();
            }
        }
        all.assertAll();
    }

    @Test
    void everyKindHasARow() {
        assertThat(rows.stream().<Class<?>>map(r -> r.there().getClass()))
                .containsAll(List.of(AttachSpec.class.getPermittedSubclasses()));
    }

    @Test
    @OnKernels({OnKernels.HERE, "6.1"}) // which has kprobes, and no links of many kprobes or uprobes
    void aNameThatIsNotThere() {
        compare(rows.stream().map(r -> attempt(folder, r, r.wrong())).toList(), AttachRow::misspelt);
    }

    @Test
    @OnKernels({OnKernels.HERE, "6.1"}) // which has kprobes, and no links of many kprobes or uprobes
    void aPlaceThatIsThereWorksOrTheKernelLacksIt() {
        compare(rows.stream().map(r -> attempt(folder, r, r.there())).toList(), AttachRow::lacking);
    }

    @Test
    void aTracepointTakesAProgramOnce() {
        try (BPF bpf = BPF.load(CompiledModule.read(folder.resolve("plain")))) {
            bpf.attachTracepoint("sched:sched_process_hang", "any");
            assertThatThrownBy(() -> bpf.attachTracepoint("sched:sched_process_hang", "any"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("attach any to t:sched:sched_process_hang: EEXIST (File exists)")
                    .hasMessageContaining("this very program runs here already: one attachment of it is enough");
            assertThat(bpf.links()).hasSize(1);
        }
    }

    /** Attaches to every place that is there, and prints what it is told. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            try (TestSocket own = TestSocket.open()) {
                for (AttachRow r : AttachRow.all(Path.of(args[1]), Path.of(args[2]), own.descriptor())) {
                    System.out.println(attempt(Path.of(args[0]), r, r.there())
                            .replace("\n", " ")
                            .replace("\r", ""));
                }
            }
        }
    }

    private static List<String> inChild(String... wrapper) {
        List<String> command = new ArrayList<>(List.of(wrapper));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString(),
                cgroup.path().toString(),
                lab.namespace(1).toString()));
        List<String> lines = Workloads.run(command.toArray(String[]::new)).lines();
        assertThat(lines).hasSameSizeAs(rows);
        return lines;
    }

    private static List<String> withCapabilities(String bounds) {
        return inChild("setpriv", "--bounding-set=-all" + bounds, "--inh-caps=-all");
    }

    private static Refusal lacks(AttachRow row, String capabilities, String all) {
        String tried = row.takesSockets()
                ? "create map \"sockets\""
                : row.rights() == Rights.CGROUP && !capabilities.contains("CAP_BPF")
                        ? "attach any to cgroup_"
                        : "load ";
        return new Refusal(
                tried.startsWith("attach") ? "AttachException" : "BpfSyscallException",
                tried,
                ": EPERM (Operation not permitted)",
                "hint: this process lacks " + capabilities + ": start it by setpriv ",
                " --ambient-caps=" + all + ", or name them in systemd's AmbientCapabilities");
    }

    @Test
    void withoutAnyCapabilityAllThatItTakesAreNamed() {
        compare(withCapabilities(""), row -> switch (row.rights()) {
            case TRACING, UPROBE -> lacks(row, "CAP_BPF and CAP_PERFMON", "+bpf,+perfmon");
            case SOCKET, PACKETS, CGROUP -> lacks(row, "CAP_BPF", "+bpf");
            case NETWORK -> lacks(row, "CAP_BPF and CAP_NET_ADMIN", "+bpf,+net_admin");
        });
    }

    @Test
    void withSomeOfTheCapabilitiesTheOthersAreNamedAndTheCommandGivesAll() {
        Refusal packets = new Refusal(
                "AttachException", "attach any to socket:lo: EPERM", "hint: a packet socket takes CAP_NET_RAW");
        compare(withCapabilities(",+bpf"), row -> switch (row.rights()) {
            case TRACING, UPROBE -> lacks(row, "CAP_PERFMON", "+bpf,+perfmon");
            case SOCKET -> null;
            case PACKETS -> packets;
            case CGROUP, NETWORK -> lacks(row, "CAP_NET_ADMIN", "+bpf,+net_admin");
        });
    }

    private static Refusal takesSysAdmin(AttachSpec spec) {
        String another = spec instanceof UprobeSpec && Features.uprobeMulti().isSupported()
                ? "a link of uprobes takes CAP_BPF and CAP_PERFMON only: BPF.attachUprobes"
                : "AmbientCapabilities";
        return new Refusal(
                "AttachException", ": EACCES (Permission denied)", "this process lacks CAP_SYS_ADMIN", another);
    }

    /** Linux 6.16 takes CAP_SYS_ADMIN for a uprobe by perf_event_open(2). */
    @Test
    void whatTracesDoesSoWithBpfAndPerfmon() {
        boolean distrusted = Privileges.current()
                .sysctl("kernel/perf_event_paranoid")
                .filter(v -> v > 2)
                .isPresent();
        Refusal paranoid = new Refusal(
                "AttachException",
                ": EACCES (Permission denied)",
                "kernel.perf_event_paranoid is ",
                "sysctl kernel.perf_event_paranoid=2 lets CAP_PERFMON do");
        boolean takesMore = KernelVersion.current().isAtLeast(6, 16);
        compare(withCapabilities(",+bpf,+perfmon"), row -> switch (row.rights()) {
            case TRACING -> distrusted && row.opensPerfEvent() ? paranoid : row.lacking();
            case UPROBE -> distrusted ? paranoid : takesMore ? takesSysAdmin(row.there()) : null;
            case SOCKET -> null;
            case PACKETS -> new Refusal("AttachException", "CAP_NET_RAW");
            case CGROUP, NETWORK -> lacks(row, "CAP_NET_ADMIN", "+bpf,+net_admin");
        });
    }

    /** As a kernel looks that was built with little, or a container that shows nothing of it. */
    @Test
    void withoutSysWhatIsReadThereIsNamed() {
        compare(
                inChild("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /sys && exec \"$@\"", "sh"),
                AttachRow::bare);
    }
}

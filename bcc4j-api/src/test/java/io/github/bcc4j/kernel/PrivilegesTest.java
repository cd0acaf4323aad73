package io.github.bcc4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.kernel.Privileges.Capability;
import io.github.bcc4j.kernel.Privileges.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process is told about its rights, from folders that stand for /proc and /sys. */
class PrivilegesTest {
    private static final String ALL = "000001ffffffffff";
    private static final String NONE = "0000000000000000";
    private static final String START =
            "start it by setpriv --reuid=USER --regid=GROUP --init-groups --inh-caps=%s --ambient-caps=%1$s, or name"
                    + " them in systemd's AmbientCapabilities";

    @TempDir
    private Path root;

    @BeforeEach
    void modernKernel() throws IOException {
        write("proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
        write("proc/self/uid_map", "         0          0 4294967295\n");
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    private Privileges process(String capabilities, int seccomp) throws IOException {
        write("proc/self/status", "Name:\tx\nCapEff:\t" + capabilities + "\nSeccomp:\t" + seccomp + "\n");
        return Privileges.below(root);
    }

    @Test
    void theMissingCapabilitiesAreNamedAndHowToGiveThem() throws IOException {
        write("proc/sys/kernel/unprivileged_bpf_disabled", "2\n");
        assertThat(process(NONE, 0).explain(Operation.LOAD_TRACING, "load a kprobe program"))
                .isEqualTo("this process lacks CAP_BPF and CAP_PERFMON: " + START.formatted("+bpf,+perfmon")
                        + "; kernel.unprivileged_bpf_disabled is 2, so none of it goes without");
        assertThat(process("0000008000000000", 0).explain(Operation.LOAD_TRACING, "x"))
                .as("with those it has: the new process has no others")
                .isEqualTo("this process lacks CAP_PERFMON: " + START.formatted("+bpf,+perfmon"));
        assertThat(process("0000008000000000", 0).missing(Operation.USE_MAP)).isEmpty();
        assertThat(process(NONE, 0).missing(Operation.LOAD_NETWORKING))
                .containsExactly(Capability.CAP_BPF, Capability.CAP_NET_ADMIN);
        assertThat(process("0000000000200000", 0).missing(Operation.LOAD_NETWORKING))
                .isEmpty();
    }

    @Test
    void perfEventsAreNotBoundByTheBpfSetting() throws IOException {
        write("proc/sys/kernel/unprivileged_bpf_disabled", "2\n");
        write("proc/sys/kernel/perf_event_paranoid", "2\n");
        assertThat(process("0000008000000000", 0).explain(Operation.OPEN_PERF_EVENT, "attach to p:vfs_read"))
                .isEqualTo("this process lacks CAP_PERFMON: " + START.formatted("+perfmon")
                        + "; kernel.perf_event_paranoid is 2, so perf events of all processes take it");
        write("proc/sys/kernel/perf_event_paranoid", "3\n");
        assertThat(process("000000c000000000", 0).explain(Operation.OPEN_PERF_EVENT, "attach to p:vfs_read"))
                .isEqualTo("kernel.perf_event_paranoid is 3, for which this distribution's kernel takes CAP_SYS_ADMIN:"
                        + " sysctl kernel.perf_event_paranoid=2 lets CAP_PERFMON do");
    }

    @Test
    void olderKernelsKnowOneCapabilityAndLockedMemory() throws IOException {
        write("proc/sys/kernel/osrelease", "5.4.0\n");
        write("proc/self/limits", "Max locked memory         65536                65536                bytes     \n");
        assertThat(process(NONE, 0).explain(Operation.USE_MAP, "create a map"))
                .isEqualTo("this process lacks CAP_SYS_ADMIN: " + START.formatted("+sys_admin")
                        + "; before Linux 5.11 maps and programs count as locked memory, of which this process may have"
                        + " 65536 bytes: ulimit -l unlimited, or give it CAP_SYS_RESOURCE");
        write("proc/self/limits", "Max locked memory         unlimited   unlimited   bytes\n");
        assertThat(process("0000000000200000", 0).explain(Operation.USE_MAP, "create a map"))
                .doesNotContain("locked memory");
    }

    @Test
    void lockdownNamespacesAndFiltersAreNamed() throws IOException {
        write("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
        write("proc/self/uid_map", "         0       1000          1\n");
        assertThat(process(ALL, 2).lockdown()).contains("confidentiality");
        assertThat(process(ALL, 2).explain(Operation.OTHER, "x"))
                .isEqualTo(
                        "this process is in a user namespace (a rootless container): capabilities count outside of it"
                                + " only; the kernel is locked down (confidentiality), which forbids reading kernel memory: Secure"
                                + " Boot may have switched it on; a seccomp filter is on this process, as in containers: it may"
                                + " forbid bpf(2) or perf_event_open(2)");
    }

    @Test
    void withEveryRightItIsTheKernelThatForbids() throws IOException {
        write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        assertThat(process(ALL, 0).explain(Operation.OTHER, "attach to p:x"))
                .isEqualTo(
                        "this process has every capability it takes to attach to p:x, so this kernel forbids it by its"
                                + " build or a security module");
        assertThat(process(ALL, 0).explain(Operation.LOAD_TYPED_TRACING, "load fentry"))
                .isEqualTo(
                        "this process has every capability it takes to load fentry; kernels of sandboxes refuse fentry,"
                                + " iterator and LSM programs even so: a kprobe or tracepoint may do");
    }

    @ParameterizedTest
    @CsvSource({"2,LOAD_TRACING", "5,LOAD_TRACING", "26,LOAD_TYPED_TRACING", "6,LOAD_NETWORKING", "1,LOAD_FILTER"})
    void programTypesAreOfAKind(int type, Operation operation) {
        assertThat(Operation.load(type)).isEqualTo(operation);
    }

    @ParameterizedTest
    @CsvSource({"1,USE_MAP", "27,USE_MAP", "14,USE_NETWORK_MAP", "15,USE_NETWORK_MAP", "18,USE_NETWORK_MAP"})
    void mapTypesAreOfAKind(int type, Operation operation) {
        assertThat(Operation.makeMap(type)).isEqualTo(operation);
    }

    @Test
    void otherErrorsAreNotAboutRights() {
        assertThat(Privileges.explainEperm("x", 22)).isNull();
        assertThat(Privileges.explainEperm(Operation.USE_MAP, "x", 2)).isNull();
    }

    @Test
    @Tag("native")
    void thisProcessIsRead() {
        assertThat(Privileges.current().has(Capability.CAP_BPF)).isTrue();
        assertThat(Privileges.current().missing(Operation.LOAD_TRACING)).isEmpty();
        assertThat(Privileges.explainEperm("x", 1)).isNotBlank();
    }

    @Test
    void settingsOfSeveralDigitsAreReadWhole() {
        // pid_max is 301 at least; a read that begins with one byte gets no second one.
        assertThat(Privileges.current().sysctl("kernel/pid_max"))
                .hasValueSatisfying(v -> assertThat(v).isGreaterThan(300));
    }
}

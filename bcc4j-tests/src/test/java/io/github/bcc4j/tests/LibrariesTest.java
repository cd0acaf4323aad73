package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.github.bcc4j.junit.GuestResult;
import io.github.bcc4j.junit.TestsElsewhere;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * The tests of this module that load BPF on the running kernel, with the libbcc of other Debian releases, in containers. By default
 * a few of them; all with {@code -Dbcc4j.libraries=all}, which also builds images that are missing.
 */
@Tag("container")
class LibrariesTest {
    private static final boolean ALL = "all".equals(System.getProperty("bcc4j.libraries"));

    private static final List<Class<?>> FEW = List.of(
            ArrayTest.class,
            RingBufferTest.class,
            UprobeTest.class,
            UsdtTest.class,
            StackNamesTest.class,
            TracepointTest.class);

    private static DockerEngine engine;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engine = DockerEngine.open("dockerd");
    }

    @AfterAll
    static void end() {
        if (engine != null) {
            engine.close();
        }
    }

    @TestFactory
    Stream<DynamicNode> libbcc026(@TempDir Path folder) throws Exception {
        return tests("bookworm", "0.26", folder);
    }

    @TestFactory
    Stream<DynamicNode> libbcc031(@TempDir Path folder) throws Exception {
        return tests("trixie", "0.31", folder);
    }

    @TestFactory
    Stream<DynamicNode> libbcc037(@TempDir Path folder) throws Exception {
        return tests("sid", "0.37", folder);
    }

    private static Stream<DynamicNode> tests(String suite, String version, Path folder) throws Exception {
        String image = image(suite);
        DockerEngine.Said installed = DockerEngine.say(List.of(
                "docker", "run", "--rm", "--network", "none", image, "dpkg-query", "-W", "-f=${Version}", "libbpfcc"));
        assertThat(installed.text()).as("libbcc of %s", image).startsWith(version + ".");
        List<GuestResult> results = run(image, folder);
        assertThat(results).as("tests that ran with libbcc %s", version).isNotEmpty();
        return TestsElsewhere.asDynamicTests(results.stream()
                .map(r -> {
                    List<String> path = new ArrayList<>(r.path());
                    path.set(0, "[libbcc " + version + "] " + path.getFirst());
                    return new GuestResult(r.id(), path, r.name(), r.status(), r.duration(), r.detail());
                })
                .toList());
    }

    private static String image(String suite) throws IOException, InterruptedException {
        String image = "bcc4j-libraries:" + suite;
        if (DockerEngine.say(List.of("docker", "image", "inspect", image)).status() != 0) {
            if (!ALL) {
                throw new TestAbortedException("no image " + image + "; ./check --libraries builds it");
            }
            DockerEngine.Said built = DockerEngine.say(List.of("../.ci/images", suite));
            if (built.status() != 0) {
                throw new TestAbortedException(built.lastLine());
            }
        }
        return image;
    }

    private static List<GuestResult> run(String image, Path folder) throws IOException {
        List<String> selectors = new ArrayList<>(List.of("tag=native"));
        if (ALL) {
            selectors.add("package=" + LibrariesTest.class.getPackageName());
        } else {
            FEW.forEach(type -> selectors.add("class=" + type.getName()));
        }
        Path report = folder.resolve("report");
        String why = "the container's JVM ended";
        String said = "";
        try (GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))) {
            List<String> mounts = new ArrayList<>(List.of("/sys", "/dev", "/lib/modules", folder.toString()));
            mounts.add(Path.of("..").toRealPath().toString());
            mounts.add(System.getProperty("java.home"));
            Stream.of(System.getProperty("java.class.path").split(":"))
                    .filter(entry -> entry.endsWith(".jar"))
                    .forEach(mounts::add);
            mounts.forEach(mount -> container.withFileSystemBind(mount, mount, BindMode.READ_WRITE));
            container
                    .withImagePullPolicy(name -> false)
                    .withNetworkMode("host")
                    .withWorkingDirectory(Path.of("").toAbsolutePath().toString())
                    .withEnv("BCC4J_COMPILE_CACHE", "off")
                    .withEnv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
                    .withCommand(
                            TestsElsewhere.command(report.toString(), selectors).toArray(String[]::new))
                    .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(30)))
                    .withCreateContainerCmdModifier(command -> rights(command.getHostConfig()));
            try {
                container.start();
            } catch (RuntimeException e) {
                why = "the container failed: " + e;
            }
            said = container.getContainerId() == null ? "" : container.getLogs();
        }
        String text = Files.exists(report) ? Files.readString(report) : "";
        List<GuestResult> results = TestsElsewhere.results(text, why + "\n" + said);
        assertThat(results).as("%s; it said: %s", why, said).isNotEmpty();
        return results;
    }

    /** What tests do to the kernel, with the machine's own processes and devices in sight; all but privileged. */
    private static void rights(HostConfig host) {
        host.withCapAdd(
                        Capability.SYS_ADMIN,
                        Capability.NET_ADMIN,
                        Capability.SYS_PTRACE,
                        Capability.SYSLOG,
                        Capability.IPC_LOCK)
                .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
                .withPidMode("host")
                .withDeviceCgroupRules(List.of("a *:* rwm"));
    }
}

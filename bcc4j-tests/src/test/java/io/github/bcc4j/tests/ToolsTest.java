package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.tools.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools as their users run them: a process each, beside a workload, their output read line by line. */
@Tag("native")
class ToolsTest {
    record Run(int exitCode, List<String> out, List<String> err) {}

    @TempDir
    Path scratch;

    private Run run(String... args) throws IOException, InterruptedException {
        return start(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()),
                args);
    }

    private Run start(List<String> main, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(main);
        command.addAll(List.of(args));
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), lines(out), lines(err));
    }

    private static List<String> lines(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Test
    void execsnoopPrintsEachCommandWithItsArguments() throws Exception {
        Run run = run(
                "--with",
                "/bin/echo one 'two words' >/dev/null; /bin/true; /nonexistent 2>/dev/null; true",
                "execsnoop",
                "-q");
        assertThat(run.out().getFirst()).isEqualTo("PCOMM            PID     PPID    RET ARGS");
        assertThat(run.out())
                .filteredOn(l -> l.startsWith("echo "))
                .singleElement()
                .satisfies(l -> assertThat(l).matches("echo {13}\\d+ +\\d+ +0 \"/bin/echo\" \"one\" \"two words\""));
        assertThat(run.out()).filteredOn(l -> l.startsWith("true ")).hasSize(1);
        assertThat(run.out()).noneMatch(l -> l.contains("/nonexistent\""));
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void onTheModulePathItIsTheSame() throws Exception {
        String modules = Stream.of(System.getProperty("java.class.path").split(":"))
                .filter(p -> !p.contains("test-classes"))
                .collect(Collectors.joining(":"));
        Run run = start(
                List.of(
                        "--illegal-native-access=deny",
                        "--enable-native-access=io.github.bcc4j.ffm",
                        "-p",
                        modules,
                        "-m",
                        "io.github.bcc4j.tools/" + Main.class.getName()),
                "--with",
                "/bin/echo modular",
                "execsnoop");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).anySatisfy(l -> assertThat(l).matches("echo .* /bin/echo modular"));
    }

    @Test
    void execsnoopCutsLongCommandsAndKnowsTheParent() throws Exception {
        Run run = run(
                "--with",
                "sh -c 'echo $$; /bin/true 1 2 3 4 5; :'",
                "execsnoop",
                "--max-args",
                "3",
                "-x",
                "-n",
                "^(true|sh)$");
        String shell =
                run.out().stream().filter(l -> l.matches("\\d+")).findFirst().orElseThrow();
        assertThat(run.out())
                .anySatisfy(l -> assertThat(l).matches("true +\\d+ +" + shell + " +0 /bin/true 1 2 \\.\\.\\."));
    }

    @Test
    void opensnoopPrintsFilesAndErrors() throws Exception {
        Path there = Files.writeString(scratch.resolve("there"), "x");
        Run run = run("--with", "cat " + there + " " + scratch + "/gone; :", "opensnoop", "-n", "cat");
        assertThat(run.out()).contains("PID    COMM               FD ERR PATH");
        assertThat(run.out()).anySatisfy(l -> assertThat(l).matches("\\d+ +cat +3   0 " + there));
        assertThat(run.out()).anySatisfy(l -> assertThat(l).matches("\\d+ +cat +-1   2 " + scratch + "/gone"));
        Run failed = run("--with", "cat " + there + " " + scratch + "/gone; :", "opensnoop", "-n", "cat", "-x", "-e");
        assertThat(failed.out()).noneMatch(l -> l.endsWith(there.toString()));
        assertThat(failed.out())
                .anySatisfy(l -> assertThat(l).matches("\\d+ +cat +-1   2 \\d{8} " + scratch + "/gone"));
        Run flags = run("--with", "echo x > " + there, "opensnoop", "-f", "O_WRONLY");
        assertThat(flags.out()).anyMatch(l -> l.endsWith(there.toString()));
        assertThat(flags.out()).noneMatch(l -> l.endsWith("/etc/ld.so.cache"));
    }

    @Test
    void helloSaysHelloForEachFork() throws Exception {
        Run run = run("--with", "(:); (:); (:); :", "hello");
        assertThat(run.out()).filteredOn(l -> l.equals("Hello, World!")).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void bitehistDrawsBothHistograms() throws Exception {
        Path file = Path.of("bitehist-test");
        Run run = run(
                "--with",
                "dd if=/dev/zero of=" + file + " bs=64k count=16 oflag=direct status=none; rm " + file,
                "bitehist");
        assertThat(run.out()).contains("log2 histogram", "     kbytes              : count     distribution");
        int sixtyFour = run.out().stream()
                .filter(l -> l.startsWith("        64 -> 127 "))
                .mapToInt(l -> Integer.parseInt(l.split("\\s*[:|]\\s*")[1].strip()))
                .findFirst()
                .orElse(0);
        assertThat(sixtyFour).as(String.join("\n", run.out())).isGreaterThanOrEqualTo(16);
    }

    @Test
    void aProgramOfOneFileRunsWithTheLibraryAndPassesItsExitCodeOn() throws Exception {
        Path file = Files.writeString(scratch.resolve("Mine.java"), """
                import io.github.bcc4j.BPF;
                class Mine {
                    public static void main(String[] args) {
                        try (BPF bpf = BPF.fromSource("BPF_HASH(h, u32, u64);")) {
                            bpf.hash("h", Integer.class, Long.class).put(1, 2L);
                            System.out.println(bpf.hash("h", Integer.class, Long.class) + String.join(",", args));
                        }
                        System.exit(7);
                    }
                }
                """);
        Run run = run("run", file.toString(), "a", "--b", "-c");
        assertThat(run.out()).containsExactly("{1=2}a,--b,-c");
        assertThat(run.exitCode()).isEqualTo(7);
    }

    @Test
    void theWorkloadsExitCodeIsPassedOn() throws Exception {
        assertThat(run("--with", "exit 3", "hello").exitCode()).isEqualTo(3);
    }

    @Test
    void mistakesOnTheCommandLineEndWithTwo() throws Exception {
        assertThat(run("nosuch").exitCode()).isEqualTo(2);
        Run option = run("execsnoop", "--nosuch");
        assertThat(option.exitCode()).isEqualTo(2);
        assertThat(option.err()).anyMatch(l -> l.contains("Unknown option: '--nosuch'"));
        Run user = run("execsnoop", "-u", "nobody-of-this-name");
        assertThat(user.err()).anyMatch(l -> l.contains("there is no user \"nobody-of-this-name\""));
    }

    @Test
    void failuresAreOneMessageAndEndWithOne() throws Exception {
        Run run = run("opensnoop", "-f", "O_NOSUCH");
        assertThat(run.err())
                .singleElement()
                .satisfies(l ->
                        assertThat(l).startsWith("opensnoop: unknown flag O_NOSUCH; known are O_APPEND, O_CLOEXEC"));
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void helpNeedsNothing() throws Exception {
        Run run = run("--help");
        assertThat(run.out()).anyMatch(l -> l.contains("execsnoop")).anyMatch(l -> l.contains("--vm"));
        assertThat(run.exitCode()).isZero();
        assertThat(run("opensnoop", "--help").out()).anyMatch(l -> l.contains("--failed"));
    }

    @Test
    void theReadmesFirstProgramIsTheExampleAndRuns() throws Exception {
        Path example = root().resolve("docs/examples/Forked.java");
        assertThat(Files.readString(root().resolve("README.md"))).contains(Files.readString(example));
        Process forks = new ProcessBuilder("sh", "-c", "while :; do (:); done").start();
        try {
            Run run = run("run", example.toString());
            assertThat(run.out()).hasSize(3).allMatch(l -> l.matches("Event\\[parent=\\d+, child=\\d+, comm=.*]"));
            assertThat(run.exitCode()).isZero();
        } finally {
            forks.destroy();
        }
    }

    /** The folder above all modules, wherever the test was started. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("CHANGELOG.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}

package io.github.bcc4j.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.symbol.Frame.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class JavaPerfMapTest {
    private static Program jvm(String... flags) throws Exception {
        List<String> command = new java.util.ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of(flags));
        command.addAll(
                List.of("-cp", Path.of("target/test-classes").toAbsolutePath().toString(), Hot.class.getName()));
        Program jvm = new Program(command);
        assertThat(jvm.line()).isEqualTo("hot");
        return jvm;
    }

    /** A program with a method that is compiled by the time it says so. */
    static final class Hot {
        static int spin(int n) {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                sum += i % 7 * sum;
            }
            return sum;
        }

        public static void main(String[] arguments) throws Exception {
            int sum = 0;
            for (int i = 0; i < 20_000; i++) {
                sum += spin(i);
            }
            System.out.println(sum == 42 ? "" : "hot");
            System.in.read();
        }
    }

    @Test
    void compiledMethodsOfAJvmHaveTheirJavaNames() throws Exception {
        try (Program jvm = jvm("-Xbatch");
                ProcessSymbols symbols = ProcessSymbols.of(jvm.pid())) {
            Path map = JavaPerfMap.write(jvm.pid());
            try {
                assertThat(map).isEqualTo(Path.of("/proc/" + jvm.pid() + "/root/tmp/perf-" + jvm.pid() + ".map"));
                Matcher line = Pattern.compile(
                                "(?m)^(?:0x)?([0-9a-f]+) (?:0x)?([0-9a-f]+) (.*JavaPerfMapTest\\$Hot.spin\\(.*)$")
                        .matcher(Files.readString(map));
                assertThat(line.find()).isTrue();
                long start = Long.parseUnsignedLong(line.group(1), 16);
                symbols.refresh();
                Frame frame = symbols.frame(start + 5);
                assertThat(frame.kind()).isEqualTo(Kind.JIT);
                assertThat(frame.name()).isEqualTo("int " + Hot.class.getName() + ".spin(int)");
                assertThat(frame.offset()).isEqualTo(5);
                assertThat(frame.module()).isEqualTo("/tmp/perf-" + jvm.pid() + ".map");
                JavaPerfMap.write(jvm.pid());
                assertThat(map).as("the second time nobody has to be woken").isNotEmptyFile();
            } finally {
                Files.delete(map);
            }
        }
    }

    @Test
    void thisJvmWritesItsOwn() throws Exception {
        int pid = (int) ProcessHandle.current().pid();
        Path map = JavaPerfMap.write(pid);
        assertThat(map).content().contains("Interpreter\n");
        Files.delete(map);
    }

    @Test
    void otherRuntimesMapsAreReadAndGrow() throws Exception {
        try (Program program = new Program(List.of("sleep", "100"));
                ProcessSymbols symbols = ProcessSymbols.of(program.pid())) {
            Path map = Path.of("/tmp/perf-" + program.pid() + ".map");
            try {
                Files.writeString(map, "10000 40 LazyCompile:~first app.js:1\n");
                symbols.refresh();
                assertThat(symbols.frame(0x10000 + 3))
                        .isEqualTo(new Frame(Kind.JIT, 0x10003, "LazyCompile:~first app.js:1", 3, map.toString()));
                assertThat(symbols.frame(0x10040).isKnown()).isFalse();
                Files.writeString(map, "10000 40 LazyCompile:~first app.js:1\n10040 10 second\n");
                symbols.refresh();
                assertThat(symbols.frame(0x10040).name()).isEqualTo("second");
                assertThat(symbols.frame(0x20000)).isEqualTo(new Frame(Kind.USER, 0x20000, "[unknown]", 0x20000, ""));
            } finally {
                Files.delete(map);
            }
        }
    }

    @Test
    void aJvmThatTakesNoCommandsSaysSo() throws Exception {
        try (Program jvm = jvm("-XX:+DisableAttachMechanism")) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> JavaPerfMap.write(jvm.pid()))
                    .withMessage("the JVM " + jvm.pid()
                            + " takes no commands: it was started with -XX:+DisableAttachMechanism");
        }
    }

    @Test
    void aJvmThatASignalWouldEndListensAnyway() throws Exception {
        try (Program jvm = jvm("-Xrs")) {
            Files.delete(JavaPerfMap.write(jvm.pid()));
        }
    }

    @Test
    void whatIsNoJvmIsLeftAlone() throws Exception {
        try (Program program = new Program(List.of("sleep", "100"))) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> JavaPerfMap.write(program.pid()))
                    .withMessage("process " + program.pid() + " is no HotSpot JVM");
            assertThat(ProcessHandle.of(program.pid())).isPresent();
        }
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> JavaPerfMap.write(Integer.MAX_VALUE))
                .withMessage("there is no process " + Integer.MAX_VALUE);
    }
}

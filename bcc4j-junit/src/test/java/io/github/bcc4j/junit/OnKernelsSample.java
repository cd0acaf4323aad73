package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Run by KernelEngineTest; its name keeps the build from taking it for tests. */
@SuppressWarnings("unused")
class OnKernelsSample {
    private static void panic() throws IOException {
        Files.writeString(Path.of("/proc/sysrq-trigger"), "c");
    }

    private static void onlyInGuest() {
        if (!Boolean.getBoolean("bcc4j.guest")) {
            throw new IllegalStateException("this runs on the host");
        }
    }

    private OnKernelsSample() {}

    /** Says what it holds to nobody. */
    static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial")
        private final Object secret = new Object();

        Unspeakable() {
            super("can't be serialized");
        }
    }

    @OnKernels("6.12")
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Ends {
        static {
            onlyInGuest();
        }

        Ends() {
            onlyInGuest();
        }

        static Stream<String> words() {
            onlyInGuest();
            return Stream.of("one", "two");
        }

        @Test
        void aborts() {
            abort("no such device");
        }

        @Test
        void fails() {
            assertThat(1 + 1).as("sum\tof\nones").isEqualTo(3);
        }

        @Test
        @Disabled("on purpose")
        void isDisabled() {}

        @TestFactory
        Stream<DynamicTest> makes() {
            return Stream.of("first", "second")
                    .map(name ->
                            DynamicTest.dynamicTest(name, () -> assertThat(name).isEqualTo("first")));
        }

        @Test
        void printsAndPublishes(TestReporter reporter) {
            System.out.println("to standard output");
            System.err.print("to standard error");
            reporter.publishEntry("key", "a value");
        }

        @ParameterizedTest
        @MethodSource("words")
        void repeats(String word) {
            assertThat(word).hasSize(3);
        }

        @Test
        @Timeout(value = 200, unit = TimeUnit.MILLISECONDS)
        void takesTooLong() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @Test
        void throwsTheUnspeakable() {
            throw new Unspeakable();
        }
    }

    @OnKernels("6.12")
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Crashes {
        @Test
        void a1Passes() {}

        @Test
        void a2Panics() throws IOException {
            panic();
        }

        @Test
        void a3PassesInAFreshGuest() {}

        @Nested
        class InNested {
            @Test
            void panicsAtTheEnd() throws IOException {
                panic();
            }
        }
    }

    @OnKernels("6.12")
    static class CrashesBefore {
        @BeforeAll
        static void before() throws IOException {
            panic();
        }

        @Test
        void neverRuns() {}
    }

    @OnKernels(value = "6.12", timeoutSeconds = 15)
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Hangs {
        @Test
        void a1Hangs() throws InterruptedException {
            System.out.println("before the end of time");
            new CountDownLatch(1).await();
        }

        @ParameterizedTest
        @MethodSource("statuses")
        void a2Exits(int status) {
            if (status > 0) {
                Runtime.getRuntime().halt(status);
            }
        }

        static Stream<Integer> statuses() {
            return Stream.of(0, 3, 0);
        }

        @AfterAll
        static void after() {}

        @Test
        void a3Passes() {}
    }

    @OnKernels("6.12")
    @ParameterizedClass
    @ValueSource(ints = {1, 2})
    record TwiceAsAWhole(int number) {
        @Test
        void isOne() throws Exception {
            new ProcessBuilder("echo", "from a process").inheritIO().start().waitFor();
            assertThat(number).isEqualTo(1);
        }
    }

    @OnKernels("file:/no/such/bzImage")
    static class NoKernel {
        @Test
        void neverRuns() {}
    }

    @OnKernels("six")
    static class NoName {
        @Test
        void neverRuns() {}
    }

    @OnKernels(
            value = {"6.1", "6.12"},
            memory = 1_000_000_000)
    static class Huge {
        @Test
        void neverRuns() {}
    }

    @OnKernels({"here", "6.12"})
    static class AlsoHere {
        @Test
        void runs() {}

        @Test
        @OnKernels("6.1")
        void runsElsewhere() {}
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.attach.UsdtProbe;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.table.BpfHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Static probes of running processes: several at once, of their libraries, in other namespaces. */
@Tag("native")
@Timeout(60)
class UsdtProcessTest {
    /** Passes its probes once for each line of input, with a number from the command line. */
    private static final String PROGRAM = CPrograms.PROBE + """
            #include <stdio.h>
            #include <stdlib.h>
            #define SHARED(value) PROBE("shared", "-4@%0", "r"(value))
            extern void in_a(int); extern void in_b(int);
            int main(int count, char **arguments) {
                int t = atoi(arguments[1]);
                char letters[8] = "abcdefg";
                const char *text = "text";
                puts("ready");
                fflush(stdout);
                while (getchar() != EOF) {
                    PROBE("one", "-4@%0", "r"(t));
                    PROBE("two", "-4@%0", "r"(t + 1));
                    PROBE("three", "-4@%0", "r"(t + 2));
                    PROBE("mixed", "-1@%b0 -4@%1 8@%2", "q"(letters[2]), "r"(t * 100), "r"(text));
                    SHARED(3);
                    in_a(1);
                    in_b(2);
                    puts("done");
                    fflush(stdout);
                }
                return 0;
            }
            """;

    private static final String LIBRARY =
            CPrograms.PROBE + "void in_NAME(int value) { PROBE(\"shared\", \"-4@%0\", \"r\"(value)); }";

    @TempDir
    Path folder;

    private Path program;

    @BeforeEach
    void compile() {
        Path a = CPrograms.compile(folder, "liba.so", LIBRARY.replace("NAME", "a"), "-shared", "-fPIC");
        Path b = CPrograms.compile(folder, "libb.so", LIBRARY.replace("NAME", "b"), "-shared", "-fPIC");
        program = CPrograms.compile(
                folder, "program", PROGRAM, a.toString(), b.toString(), "-Wl,-rpath," + folder, "-fPIE", "-pie");
    }

    private record Running(SymbolPlacesTest.Waiting waiting) implements AutoCloseable {
        Running {
            try {
                assertThat(waiting.line()).isEqualTo("ready");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        int pid() {
            return waiting.pid();
        }

        void once() throws IOException {
            waiting.process().getOutputStream().write('\n');
            waiting.process().getOutputStream().flush();
            assertThat(waiting.line()).isEqualTo("done");
        }

        @Override
        public void close() throws IOException {
            waiting.close();
        }
    }

    private Running start(int number) throws IOException {
        return new Running(new SymbolPlacesTest.Waiting(program.toString(), String.valueOf(number)));
    }

    /** Counts what each probe's first argument was in each process. */
    private static final String COUNT = """
            struct key { int pid; int probe; int value; };
            BPF_HASH(seen, struct key, u64);
            static inline void count(struct pt_regs *ctx, int probe, int value) {
                struct key k = { bpf_get_current_pid_tgid() >> 32, probe, value };
                seen.increment(k);
            }
            int on_one(struct pt_regs *ctx) { int v = 0; bpf_usdt_readarg(1, ctx, &v); count(ctx, 1, v); return 0; }
            int on_two(struct pt_regs *ctx) { int v = 0; bpf_usdt_readarg(1, ctx, &v); count(ctx, 2, v); return 0; }
            int on_three(struct pt_regs *ctx) { int v = 0; bpf_usdt_readarg(1, ctx, &v); count(ctx, 3, v); return 0; }
            """;

    record Key(int pid, int probe, int value) {}

    @Test
    @Conforms("test_usdt2.py TestUDST.test_attach1")
    void eachProcessPassesTheProbesThatAreMeantInIt() throws Exception {
        try (Running first = start(1);
                Running second = start(11);
                Running third = start(21)) {
            Usdt ofFirst = Usdt.ofProcess(first.pid()).enable("one", "on_one").enable("two", "on_two");
            Usdt ofSecond = Usdt.ofProcess(second.pid()).enable("two", "on_two").enable("three", "on_three");
            try (BPF bpf = BPF.fromSource(COUNT, CompilerOptions.DEFAULT, ofFirst, ofSecond)) {
                for (int i = 0; i < 3; i++) {
                    first.once();
                    second.once();
                    third.once();
                }
                assertThat(bpf.hash("seen", Key.class, Long.class))
                        .containsOnly(
                                Map.entry(new Key(first.pid(), 1, 1), 3L),
                                Map.entry(new Key(first.pid(), 2, 2), 3L),
                                Map.entry(new Key(second.pid(), 2, 12), 3L),
                                Map.entry(new Key(second.pid(), 3, 13), 3L));
            }
        }
    }

    @Test
    @Conforms("test_usdt3.py TestUDST.test_attach1")
    @Conforms("test_usdt_probes.cc test find a probe in our process' shared libs with c++ API")
    void aProbeOfTheProgramAndItsLibrariesIsFoundInAll() throws Exception {
        try (Running process = start(1)) {
            Usdt usdt = Usdt.ofProcess(process.pid()).enable("bcc4j:shared", "on_one");
            try (BPF bpf = BPF.fromSource(COUNT, CompilerOptions.DEFAULT, usdt)) {
                process.once();
                process.once();
                assertThat(bpf.hash("seen", Key.class, Long.class))
                        .containsOnly(
                                Map.entry(new Key(process.pid(), 1, 1), 2L),
                                Map.entry(new Key(process.pid(), 1, 2), 2L),
                                Map.entry(new Key(process.pid(), 1, 3), 2L));
            }
        }
    }

    record Mixed(int letter, int number, String text) {}

    @Test
    @Conforms("test_usdt.py TestUDST.test_attach1")
    void argumentsAreLettersNumbersAndTexts() throws Exception {
        try (Running process = start(4)) {
            Usdt usdt = Usdt.ofProcess(process.pid()).enable("mixed", "on_mixed");
            try (BPF bpf = BPF.fromSource("""
                    struct mixed { int letter; int number; char text[8]; };
                    BPF_HASH(seen, struct mixed, u64);
                    int on_mixed(struct pt_regs *ctx) {
                        struct mixed m = {};
                        char letter = 0;
                        bpf_usdt_readarg(1, ctx, &letter);
                        m.letter = letter;
                        bpf_usdt_readarg(2, ctx, &m.number);
                        bpf_usdt_readarg_p(3, ctx, &m.text, 5);
                        seen.increment(m);
                        return 0;
                    }
                    """, CompilerOptions.DEFAULT, usdt)) {
                process.once();
                assertThat(bpf.hash("seen", Mixed.class, Long.class))
                        .containsOnly(Map.entry(new Mixed('c', 400, "text"), 1L));
            }
        }
    }

    @Test
    @Conforms("test_usdt_probes.cc test finding a probe in our own process / our test probe")
    @Conforms("test_usdt_probes.cc test probe's attributes with C++ API")
    @Conforms("test_usdt_probes.cc test fine a probe in our own binary with C++ API")
    @Conforms("test_usdt_probes.cc test fine probes in our own binary with C++ API")
    @Conforms("test_usdt_probes.cc test fine a probe in our Process with C++ API")
    @Conforms("test_usdt_probes.cc test usdt partial init w/ fail init_usdt")
    void aProbeIsDescribedAttachedAndDetached() throws Exception {
        try (Running process = start(1)) {
            Usdt ofProcess = Usdt.ofProcess(process.pid());
            UsdtProbe one = ofProcess.probes().stream()
                    .filter(p -> p.name().equals("one"))
                    .findFirst()
                    .orElseThrow();
            assertThat(one.fullName()).isEqualTo("bcc4j:one");
            assertThat(one.binary().toString()).endsWith(program.toString());
            assertThat(one.locations())
                    .singleElement()
                    .satisfies(l -> assertThat(l.arguments()).hasSize(1));
            assertThat(one.hasSemaphore()).isFalse();
            Usdt ofFile = Usdt.of(program.toString()).enable("bcc4j:one", "on_one");
            assertThat(ofFile.pid()).isEmpty();
            assertThat(Usdt.attachments(ofFile)).singleElement().satisfies(a -> {
                assertThat(a.function()).isEqualTo("on_one");
                assertThat(a.spec().probe().binary()).isEqualTo(program);
                assertThat(a.spec().probe().fullName()).isEqualTo("bcc4j:one");
            });
            assertThatThrownBy(() -> ofProcess.enable("bcc4j:none", "on_one"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is no static probe bcc4j:none");
            for (Usdt usdt : List.of(ofFile, ofProcess.enable("one", "on_one"))) {
                try (BPF bpf = BPF.fromSource(COUNT, CompilerOptions.DEFAULT, usdt)) {
                    BpfHash<Key, Long> seen = bpf.hash("seen", Key.class, Long.class);
                    process.once();
                    assertThat(seen).containsOnly(Map.entry(new Key(process.pid(), 1, 1), 1L));
                    bpf.links().forEach(BpfLink::close);
                    process.once();
                    assertThat(seen).containsOnly(Map.entry(new Key(process.pid(), 1, 1), 1L));
                }
            }
        }
    }

    @Test
    @Conforms("test_usdt_probes.cc test probing running Ruby process in namespaces / in separate mount namespace")
    @Conforms(
            "test_usdt_probes.cc test probing running Ruby process in namespaces / in separate mount namespace and separate PID namespace")
    void aProcessInOtherNamespacesIsProbed() throws Exception {
        Path hidden = Files.createDirectory(folder.resolve("hidden"));
        for (String options : new String[] {"--mount", "--mount --pid --mount-proc"}) {
            String script = "mount -t tmpfs none " + hidden + " && cp " + program + " " + hidden + " && exec " + hidden
                    + "/program 7";
            try (Running process = new Running(SymbolPlacesTest.Waiting.unshared(options, script))) {
                assertThat(hidden.resolve("program")).doesNotExist();
                Usdt usdt = Usdt.ofProcess(process.pid()).enable("one", "on_one");
                try (BPF bpf = BPF.fromSource(COUNT, CompilerOptions.DEFAULT, usdt)) {
                    process.once();
                    assertThat(bpf.hash("seen", Key.class, Long.class))
                            .containsOnly(Map.entry(new Key(process.pid(), 1, 7), 1L));
                }
            }
        }
    }
}

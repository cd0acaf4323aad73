package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompileException;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.diagnostic.Refusal;
import io.github.bcc4j.diagnostic.VerifierException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a program may call depends on the licence it declares: GPL, unless it says otherwise in its text. */
@Tag("native")
class LicenseTest {
    /** bpf_perf_event_output is for GPL programs. */
    private static final String GPL_ONLY = """
            struct event { u64 n; };
            BPF_PERF_OUTPUT(events);
            int f(void *ctx) {
                struct event e = { .n = 1 };
                events.perf_submit(ctx, &e, sizeof(e));
                return 0;
            }
            """;

    /** What anybody may call. */
    private static final String FREE = """
            struct key { u32 pid; u32 uid; char comm[16]; };
            BPF_HASH(counts, struct key);
            int f(void *ctx) {
                struct key k = {};
                k.pid = bpf_get_current_pid_tgid();
                k.uid = bpf_get_current_uid_gid();
                bpf_get_current_comm(&k.comm, sizeof(k.comm));
                counts.increment(k);
                return 0;
            }
            """;

    private static String licensed(String text, String license) {
        return "#define BPF_LICENSE " + license + "\n" + text;
    }

    /** Loads the program; returns the licence it was loaded with. */
    private static String load(String text) {
        CompiledModule module = Compiler.compile(text, CompilerOptions.DEFAULT);
        try (BPF bpf = BPF.load(module)) {
            bpf.program("f", ProgramType.RAW_TRACEPOINT);
        }
        return module.license();
    }

    @Test
    @Conforms("test_license.py TestLicense.test_default")
    @Conforms("test_license.py TestLicense.test_gpl_helper_macro")
    @Conforms("test_license.py TestLicense.test_gpl_compatible_macro")
    void gplProgramsMayCallEverything() {
        assertThat(load(GPL_ONLY)).isEqualTo("GPL");
        assertThat(load(licensed(GPL_ONLY, "GPL"))).isEqualTo("GPL");
        assertThat(load(licensed(GPL_ONLY, "Dual BSD/GPL"))).isEqualTo("Dual BSD/GPL");
    }

    @Test
    @Conforms("test_license.py TestLicense.test_proprietary_macro")
    @Conforms("test_license.py TestLicense.test_proprietary_words_macro")
    void otherProgramsMayCallWhatIsFree() {
        assertThat(load(licensed(FREE, "Proprietary"))).isEqualTo("Proprietary");
        assertThat(load(licensed(FREE, "Proprietary license"))).isEqualTo("Proprietary license");
    }

    @Test
    @Conforms("test_license.py TestLicense.test_proprietary_fail_macro")
    @Conforms("test_license.py TestLicense.test_empty_fail_macro")
    void otherProgramsMayNotCallWhatIsForGpl() {
        for (String license : new String[] {"Proprietary license", ""}) {
            assertThatExceptionOfType(VerifierException.class)
                    .isThrownBy(() -> load(licensed(GPL_ONLY, license)))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Refusal.GPL_ONLY));
        }
    }

    @Test
    @Conforms("test_license.py TestLicense.test_cflags_fail")
    @Conforms("test_license.py TestLicense.test_cflags_macro_fail")
    @Conforms("test_license.py TestLicense.test_proprietary_cflags_fail")
    void aLicenceIsOfTheTextAndNotOfTheCommandLine() {
        for (String text : new String[] {GPL_ONLY, licensed(GPL_ONLY, "GPL"), FREE}) {
            assertThatExceptionOfType(CompileException.class)
                    .isThrownBy(() -> Compiler.compile(
                            text,
                            CompilerOptions.DEFAULT.withFlags(
                                    "-DBPF_LICENSE=" + (text.equals(FREE) ? "Proprietary" : "GPL"))))
                    .withMessageContaining("BPF_LICENSE");
        }
    }
}

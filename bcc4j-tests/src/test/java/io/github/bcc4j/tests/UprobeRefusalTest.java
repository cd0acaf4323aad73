package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.ElfException;
import io.github.bcc4j.attach.Binaries;
import io.github.bcc4j.attach.UprobeSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads when a program or library can't be probed. */
@Tag("native")
class UprobeRefusalTest {
    private static final String NOTHING = "int nothing(struct pt_regs *ctx) { return 0; }";

    @TempDir
    static Path folder;

    private static BPF bpf;
    private static Path program;

    @BeforeAll
    static void load() {
        program = CPrograms.compile(folder, "work", CPrograms.WORK + "long state = 1;");
        bpf = BPF.fromSource(NOTHING);
    }

    @AfterAll
    static void close() {
        assertThat(bpf.links()).isEmpty();
        bpf.close();
    }

    private static void refused(UprobeSpec spec, String... messages) {
        var thrown = assertThatThrownBy(() -> bpf.attach(spec, "nothing")).isInstanceOf(AttachException.class);
        for (String m : messages) {
            thrown.hasMessageContaining(m);
        }
    }

    private static UprobeSpec at(String target) {
        return UprobeSpec.entry(program.toString(), target);
    }

    @Test
    void aFunctionThatIsNotThereGetsTheNearestNames() {
        refused(
                at("wrok"),
                "attach nothing to p:" + program + ":wrok: ENOENT",
                program
                        + " has no function wrok (what is inlined, or static and stripped, has no symbol); there is work");
    }

    @Test
    void aVariableIsNoFunction() {
        refused(at("state"), "state is not a function of " + program + " but a variable");
    }

    @Test
    void anOffsetPastTheFunctionIsRefused() {
        refused(at("work+4096"), "work is only ", " bytes long");
    }

    @Test
    void aPlaceThatIsNotCodeIsRefused() {
        long state = Long.parseLong(
                Workloads.shell("nm " + program + " | grep ' state$'")
                        .lines()
                        .getFirst()
                        .split(" ")[0],
                16);
        refused(UprobeSpec.at(program.toString(), new UprobeSpec.Address(state)), " is not code");
        refused(
                UprobeSpec.at(program.toString(), new UprobeSpec.Address(0x7fff_0000_0000L)),
                "address 0x7fff00000000 is not in the file; addresses are those of its symbol table");
        refused(UprobeSpec.at(program.toString(), new UprobeSpec.FileOffset(1 << 30)), "0x40000000 of", "is not code");
    }

    @Test
    void aStrippedProgramSaysSo() {
        Path stripped = CPrograms.compile(folder, "stripped", CPrograms.WORK, "-s", "-static");
        refused(
                UprobeSpec.entry(stripped.toString(), "work"),
                stripped
                        + " has no symbols: it is stripped, and no separate debug file of this build is beside it or in");
    }

    @Test
    void anIndirectFunctionSaysWhatItIs() {
        refused(UprobeSpec.entry("c", "strlen"), "strlen is an indirect function");
        Path program = CPrograms.compile(folder, "indirect", """
                static int hop_one_way(void) { return 1; }
                void *choose(void) { return hop_one_way; }
                int hop(void) __attribute__((ifunc("choose")));
                int main(void) { return hop() - 1; }
                """);
        refused(UprobeSpec.entry(program.toString(), "hop"), "hop is an indirect function");
    }

    @Test
    void ofSeveralFunctionsOfANameOneMustBeChosen() {
        String twin = "__attribute__((used)) static int twin(void) { return 1; }";
        Path other = CPrograms.compile(folder, "other.o", twin, "-c");
        CPrograms.compile(folder, "twins", twin + " int main(void) { return 0; }", other.toString());
        refused(
                UprobeSpec.entry(folder + "/twins", "twin"),
                "several functions are called twin: give one of address 0x",
                ", address 0x");
    }

    @Test
    void versionsThatAreNotThereGetThoseThatAre() {
        refused(UprobeSpec.entry("c", "getppid@GLIBC_9"), "has getppid@@GLIBC_2.2.5, not version GLIBC_9");
    }

    @Test
    void aPatternThatMatchesNothingIsRefused() {
        assertThatThrownBy(() -> bpf.attachUprobes(program.toString(), Pattern.compile("wor"), "nothing"))
                .isInstanceOf(AttachException.class)
                .hasMessageContaining("no function of " + program + " has a name that matches, as a whole, wor");
    }

    @Test
    void filesThatAreNoProgramsSaySo() throws Exception {
        assertThatThrownBy(() -> bpf.attachUprobe("/no/such/file", "f", "nothing"))
                .isInstanceOf(ElfException.class)
                .hasMessage("/no/such/file: there is no such file");
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\necho");
        assertThatThrownBy(() -> bpf.attachUprobe(script.toString(), "f", "nothing"))
                .isInstanceOf(ElfException.class)
                .hasMessageContaining("script: not an ELF file")
                .hasMessageContaining("it is a script: probe its interpreter, /bin/sh");
        assertThatThrownBy(() -> bpf.attachUprobe("nosuchlibrary", "f", "nothing"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("there is no library or command \"nosuchlibrary\"")
                .hasMessageContaining("/etc/ld.so.cache")
                .hasMessageContaining("/usr/bin");
    }

    @Test
    void aProcessThatIsGoneSaysSo() {
        assertThatThrownBy(() -> bpf.attach(at("work").withPid(4_194_303), "nothing"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("process 4194303")
                .hasMessageContaining("there is no such process");
    }

    @Test
    void namesAreThoseOfLibrariesAndCommands() {
        assertThat(Binaries.find("c")).isEqualTo(Binaries.find("libc.so.6")).isEqualTo(Binaries.find("libc"));
        assertThat(Binaries.find("c").getFileName()).hasToString("libc.so.6");
        assertThat(Binaries.find("sh").getFileName()).hasToString("sh");
        int me = (int) ProcessHandle.current().pid();
        assertThat(Binaries.find("jvm", me))
                .hasToString("/proc/" + me + "/root" + System.getProperty("java.home") + "/lib/server/libjvm.so");
    }

    @Test
    void aDebugFileBesideAStrippedProgramNamesItsFunctions() throws Exception {
        Path full = CPrograms.compile(folder, "linked", CPrograms.WORK, "-Wl,--build-id=none");
        Path debug = Files.createDirectories(folder.resolve(".debug")).resolve("linked.debug");
        Workloads.shell("cd " + folder + " && objcopy --only-keep-debug " + full + " " + debug
                + " && strip -s linked && objcopy --add-gnu-debuglink=" + debug + " linked");
        try (var link = bpf.attachUprobe(full.toString(), "work", "nothing")) {
            assertThat(link.isAttached()).isTrue();
        }
        Files.writeString(debug, "something else");
        refused(UprobeSpec.entry(full.toString(), "work"), "it is stripped, and no separate debug file");
    }
}

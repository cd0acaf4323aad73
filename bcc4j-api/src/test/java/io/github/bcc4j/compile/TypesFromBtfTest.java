package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import io.github.bcc4j.kernel.KernelTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs on types from BTF: what they may name, what is said when something is lacking, which kernels they fit. */
@Tag("native")
class TypesFromBtfTest {
    private static final CompilerOptions BTF = CompilerOptions.DEFAULT.withTypesFrom(TypeSource.BTF);
    private static final String READS_A_PID = """
            #include <linux/sched.h>
            BPF_HASH(pids, u32, u32);
            int f(void *ctx) {
                struct task_struct *task = (struct task_struct *)bpf_get_current_task();
                u32 zero = 0, pid = task->real_parent->pid;
                pids.update(&zero, &pid);
                return 0;
            }
            """;

    private static CompiledModule compile(String source) {
        return Compiler.compile(source, BTF);
    }

    private static CompileException refused(String source, CompilerOptions options) {
        return catchThrowableOfType(CompileException.class, () -> Compiler.compile(source, options));
    }

    @Test
    void theProgramsOwnNamesWin() {
        CompiledModule module = compile("""
                #include <linux/sched.h>
                #include <linux/fs.h>
                struct inode { u64 mine; };
                typedef u16 dev_t;
                enum own { PIDTYPE_PID = 77, MINE };
                #define TASK_COMM_LEN 5
                #define min(a, b) 11
                struct event { dev_t dev; char comm[TASK_COMM_LEN]; };
                BPF_HASH(current, u32, struct inode);
                BPF_HASH(events, u32, struct event);
                int file(struct pt_regs *ctx, struct file *f) {
                    u32 key = min(1, 2);
                    struct inode value = {.mine = PIDTYPE_PID + f->f_flags};
                    current.update(&key, &value);
                    return 0;
                }
                """);
        assertThat(module.maps()).extracting(MapSpec::name).containsExactly("events", "current");
        assertThat(module.maps()).extracting(MapSpec::valueSize).containsExactly(8, 8);
    }

    @Test
    void secondNamesOfKernelMembersMayBeMembersHere() {
        assertThat(compile("""
                struct event { u16 sk_family; u32 s6_addr32[4]; u32 sk_mark : 4, sk_state; };
                BPF_HASH(events, u32, struct event);
                int f(void *ctx) { struct event e = {.sk_family = AF_INET6}; u32 k = e.sk_state; events.update(&k, &e); return 0; }
                """).maps().getFirst().valueSize()).isEqualTo(28);
        assertThat(compile("""
                #include <linux/dcache.h>
                struct name { char text[DNAME_INLINE_LEN]; };
                #undef DNAME_INLINE_LEN
                #define DNAME_INLINE_LEN 7
                BPF_HASH(names, u32, struct name);
                int f(void *ctx) { return DNAME_INLINE_LEN; }
                """).maps().getFirst().valueSize()).isBetween(32, 44);
    }

    @Test
    void namesMadeByPastingAreFoundAtTheSecondTry() {
        CompiledModule module = compile("""
                #define KERNEL_STRUCT(name) struct name##_struct
                #define COUNT(what) what##_MAX
                int f(void *ctx) {
                    KERNEL_STRUCT(task) *task = (KERNEL_STRUCT(task) *)bpf_get_current_task();
                    return task->tgid + COUNT(PIDTYPE);
                }
                """);
        assertThat(module.kernel().layouts()).containsKey("struct task_struct");
    }

    @Test
    void whatNobodyHasIsNamedWithAWayOut() {
        CompileException e = refused("#include <linux/sched.h>\nint f(void *ctx) {\n    return NOSUCH_LIMIT;\n}", BTF);
        assertThat(e)
                .hasMessageContaining("/virtual/main.c:3:12: error: use of undeclared identifier 'NOSUCH_LIMIT'")
                .hasMessageContaining("hint: neither the BTF of kernel "
                        + KernelTarget.running().release()
                        + " nor bcc4j's own definitions have NOSUCH_LIMIT: #define or declare it in the text");
        assertThat(refused("#include <linuks/sched.h>\nint f(void *ctx) { return 0; }", BTF))
                .hasMessageContaining("'linuks/sched.h' file not found");
        assertThat(refused("int f(struct file *f) { return f->f_nosuch; }", BTF))
                .hasMessageContaining("no member named 'f_nosuch' in 'struct file'");
    }

    @Test
    void mistakesAreReportedOnceAndWithoutAnyTalkOfHeaders() {
        CompileException e = refused("int f(void *ctx) { return 1 +; }", CompilerOptions.DEFAULT);
        assertThat(e).hasMessage("the C text has an error:\n  /virtual/main.c:1:30: error: expected expression");
    }

    @Test
    void realHeadersAreTriedForWhatBtfLacks(@TempDir Path folder) throws IOException {
        // The running kernel's types by the name of a kernel whose header files are here.
        Path btf = Files.copy(KernelTarget.running().btf().orElseThrow(), folder.resolve("vmlinux"));
        Optional<String> release = io.github.bcc4j.kernel.KernelHeaders.installed().stream()
                .map(io.github.bcc4j.kernel.KernelHeaders::release)
                .filter(HeaderChoice::exists)
                .findFirst();
        assertThat(release).as("header files, which the tests need").isPresent();
        CompilerOptions options = CompilerOptions.DEFAULT.withTarget(KernelTarget.of(release.get(), btf));
        // NR_IRQS_LEGACY is a macro of arch/x86/include/asm/irq_vectors.h that no program in the field needs.
        String source = "#include <asm/irq_vectors.h>\nint f(void *ctx) { return NR_IRQS_LEGACY; }";
        CompiledModule module = Compiler.compile(source, options);
        assertThat(module.warnings())
                .extracting(Diagnostic::message)
                .containsExactly("compiled with the header files of kernel " + release.get()
                        + ", as its BTF and bcc4j's own definitions lack NR_IRQS_LEGACY");
        assertThat(refused(source, options.withTypesFrom(TypeSource.BTF))).hasMessageContaining("NR_IRQS_LEGACY");
    }

    @Test
    void headersOfTheProgramItselfAreReadForNames(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("mine.h"), """
                #include "deeper.h"
                struct record { u32 pid; struct path_head head; };
                """);
        Files.writeString(folder.resolve("deeper.h"), """
                struct path_head { struct list_head *list; u64 n; };
                static inline u32 pid_of(struct task_struct *task) { return bpf_get_current_pid_tgid(); }
                """);
        CompiledModule module = Compiler.compile("""
                #include <linux/sched.h>
                #include "mine.h"
                BPF_HASH(records, u32, struct record);
                int f(void *ctx) {
                    struct record r = {.pid = pid_of((struct task_struct *)bpf_get_current_task())};
                    u32 key = 0;
                    r.head.n = sizeof(struct list_head);
                    records.update(&key, &r);
                    return 0;
                }
                """, BTF.withFlags("-I" + folder));
        assertThat(module.maps().getFirst().valueSize()).isEqualTo(24);
    }

    @Test
    void macrosOnTheCommandLineDoNotReachTheKernelsTypes() {
        // pid and state are members of task_struct.
        CompiledModule module =
                Compiler.compile(READS_A_PID, BTF.define("state", 7).define("comm", 9));
        assertThat(module.programs()).hasSize(1);
    }

    @Test
    void configurationAndVersionAreTheKernels() {
        CompiledModule module = compile("""
                #include <linux/version.h>
                #if !defined(CONFIG_BPF_SYSCALL) || defined(CONFIG_NOSUCH)
                #error configuration
                #endif
                #if LINUX_VERSION_CODE < KERNEL_VERSION(5, 2, 0) || !IS_ENABLED(CONFIG_BPF_SYSCALL) || IS_ENABLED(CONFIG_NOSUCH)
                #error version
                #endif
                int f(void *ctx) { return 0; }
                """);
        assertThat(module.kernel()).isEqualTo(KernelFit.ANY);
    }

    /** The running kernel's types, but for a struct: its members lie eight bytes further on. */
    private static Path altered(Path folder, String struct) throws IOException {
        byte[] btf = Files.readAllBytes(KernelTarget.running().btf().orElseThrow());
        RawBtf types = RawBtf.parse(ByteBuffer.wrap(btf));
        int id = types.record(struct);
        assertThat(types.kind(id)).isEqualTo(Kind.STRUCT);
        ByteBuffer data = ByteBuffer.wrap(btf).order(ByteOrder.LITTLE_ENDIAN);
        int name = nameOffset(data, struct);
        int at = data.getInt(4) + data.getInt(8);
        while (data.getInt(at) != name || (data.getInt(at + 4) >>> 24 & 0x1f) != 4) {
            at += 4; // a type begins with its name; that and the kind are found by looking
        }
        data.putInt(at + 8, data.getInt(at + 8) + 8);
        for (int i = 0; i < (data.getInt(at + 4) & 0xffff); i++) {
            data.putInt(at + 12 + i * 12 + 8, data.getInt(at + 12 + i * 12 + 8) + 64);
        }
        return Files.write(folder.resolve("altered"), btf);
    }

    private static int nameOffset(ByteBuffer data, String name) {
        byte[] wanted = ("\0" + name + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int strings = data.getInt(4) + data.getInt(16);
        for (int i = strings; ; i++) {
            int length = 0;
            while (length < wanted.length && data.get(i + length) == wanted[length]) {
                length++;
            }
            if (length == wanted.length) {
                return i + 1 - strings;
            }
        }
    }

    @Test
    void modulesLoadWhereTheStructsTheyUseAreTheSame(@TempDir Path folder) throws IOException {
        Path same = Files.copy(KernelTarget.running().btf().orElseThrow(), folder.resolve("same"));
        CompiledModule elsewhere =
                Compiler.compile(READS_A_PID, BTF.withTarget(KernelTarget.of("6.1.0-elsewhere", same)));
        assertThat(elsewhere.kernel().release()).isEqualTo("6.1.0-elsewhere");
        assertThat(elsewhere.kernel().layouts()).containsOnlyKeys("struct task_struct");
        try (BPF bpf = BPF.load(CompiledModule.fromBytes(elsewhere.toBytes()))) {
            assertThat(bpf.maps()).containsOnlyKeys("pids");
        }
        CompiledModule moved = Compiler.compile(
                READS_A_PID, BTF.withTarget(KernelTarget.of("6.1.0-moved", altered(folder, "task_struct"))));
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> BPF.load(moved))
                .withMessageContaining("the module was compiled for kernel 6.1.0-moved; in this one, "
                        + KernelTarget.running().release() + ", struct task_struct is laid out otherwise")
                .withMessageContaining("hint: compile for this kernel");
        CompiledModule plain = Compiler.compile(
                "int f(struct pt_regs *ctx) { return 0; }", BTF.withTarget(KernelTarget.of("6.1.0-elsewhere", same)));
        assertThat(plain.kernel()).isEqualTo(KernelFit.ANY);
    }

    @Test
    void aKernelWithoutBtfIsSaidToHaveNone() {
        assertThat(refused(READS_A_PID, BTF.withTarget(KernelTarget.ofRelease("5.1.0"))))
                .hasMessageContaining("kernel 5.1.0 has no BTF, or it can't be read")
                .hasMessageContaining("CONFIG_DEBUG_INFO_BTF")
                .hasMessageContaining("TypeSource.ANY");
    }

    @Test
    void whatIsNoBtfIsSaidToBeNone(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "not BTF at all, but long enough for a header");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Compiler.compile(READS_A_PID, BTF.withTarget(KernelTarget.of("6.1.0", file))))
                .withMessage("can't read the types of kernel 6.1.0 in " + file)
                .withStackTraceContaining("not BTF: it does not begin with 0xeb9f in little-endian order");
    }

    @Test
    void aDescribedKernelIsCompiledForWithAllItsFacts(@TempDir Path folder) {
        Path file = folder.resolve("here.kernel");
        KernelTarget running = KernelTarget.running();
        running.export(file);
        KernelTarget described = KernelTarget.open(file);
        assertThat(described.release()).isEqualTo(running.release());
        assertThat(described.versionCode()).isEqualTo(running.versionCode());
        assertThat(described.config()).isEqualTo(running.config());
        assertThat(described.modules()).isEqualTo(running.modules());
        assertThat(described.tracepointFormat("sched", "sched_switch"))
                .isEqualTo(running.tracepointFormat("sched", "sched_switch"));
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> described.tracepointFormat("sched", "nosuch"))
                .withMessageContaining(
                        "the fields of tracepoint sched:nosuch are not known of kernel " + running.release());
        String source = READS_A_PID + "TRACEPOINT_PROBE(sched, sched_switch) { return args->prev_pid; }\n";
        CompiledModule module = Compiler.compile(source, BTF.withTarget(described));
        assertThat(module).isEqualTo(compile(source));
        Path stored = folder.resolve("module");
        module.write(stored);
        assertThat(CompiledModule.read(stored)).isEqualTo(module);
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> KernelTarget.open(stored))
                .withMessageContaining("not the description of a kernel: " + stored)
                .withMessageContaining("./bcc4j target -o");
    }

    @Test
    void distributionsTellTheirVersionBesideTheRelease(@TempDir Path folder) throws IOException {
        Path debian = Files.createDirectory(folder.resolve("debian"));
        Files.writeString(debian.resolve("release"), """
                6.1.0-56-amd64
                Linux version 6.1.0-56-amd64 (d@l.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0) #1 SMP Debian 6.1.192-2 (2026-01-01)
                """);
        assertThat(KernelTarget.open(debian).versionCode()).isEqualTo(6 << 16 | 1 << 8 | 192);
        Path ubuntu = Files.createDirectory(folder.resolve("ubuntu"));
        Files.writeString(ubuntu.resolve("release"), """
                5.15.0-94-generic
                Ubuntu 5.15.0-94.104-generic 5.15.136
                Linux version 5.15.0-94-generic (buildd@l) (gcc (Ubuntu 11.4.0) 11.4.0) #104-Ubuntu SMP
                """);
        assertThat(KernelTarget.open(ubuntu).versionCode()).isEqualTo(5 << 16 | 15 << 8 | 136);
        assertThat(KernelTarget.of("6.12.300", debian).versionCode()).isEqualTo(6 << 16 | 12 << 8 | 255);
    }

    @Test
    void structsOfOtherKernelsHeadersAreWarnedOf() {
        List<io.github.bcc4j.kernel.KernelHeaders> installed = io.github.bcc4j.kernel.KernelHeaders.installed();
        assertThat(installed).as("header files, which the tests need").isNotEmpty();
        Path folder = installed.getFirst().folder();
        CompiledModule module = Compiler.compile(READS_A_PID, CompilerOptions.DEFAULT.withKernelHeaders(folder));
        assertThat(module.warnings())
                .extracting(Diagnostic::message)
                .contains("compiled with the header files of kernel "
                        + installed.getFirst().release() + " for kernel "
                        + KernelTarget.running().release() + ": structs may be laid out otherwise there");
    }
}

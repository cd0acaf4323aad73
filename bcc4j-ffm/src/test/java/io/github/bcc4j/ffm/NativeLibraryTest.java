package io.github.bcc4j.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.ffm.libbcc.bcc_symbol;
import io.github.bcc4j.ffm.libbcc.libbcc_h;
import io.github.bcc4j.ffm.libbpf.libbpf_h;
import io.github.bcc4j.ffm.linux.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each in a process of its own: a library that is open can't be closed. */
class NativeLibraryTest {
    private static final List<String> ALLOWED = List.of("--enable-native-access=ALL-UNNAMED");
    private static final String NOWHERE = "-Dbcc4j.%s=/nowhere/%<s.so";

    /** Opens libbcc_bpf and uses it through the bindings. */
    static final class Bindings {
        private Bindings() {}

        public static void main(String[] args) throws Throwable {
            LibraryFile file = NativeLibrary.libbccBpf();
            System.out.println(file.name() + " " + file.path().getFileName());
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment symbol = bcc_symbol.allocate(arena);
                MemorySegment path = arena.allocateFrom(file.path().toString());
                MemorySegment name = arena.allocateFrom("bcc_usdt_close");
                int result = libbcc_h.bcc_resolve_symname(path, name, 0, 0, MemorySegment.NULL, symbol);
                System.out.println("resolve " + result + " " + (bcc_symbol.offset(symbol) > 0));
                libbcc_h.bcc_procutils_free(bcc_symbol.module(symbol));
                System.out.println("shared object " + libbcc_h.bcc_elf_is_shared_obj(path));
            }
            System.out.println("cpus " + libbpf_h.libbpf_num_possible_cpus());
            System.out.println("libbpf " + libbpf_h.libbpf_version_string().getString(0));
            System.out.println(
                    "LLVM " + Files.readString(Path.of("/proc/self/maps")).contains("libLLVM"));
        }
    }

    @Test
    void theBindingsWorkOnLibbccBpfAlone() throws Exception {
        LibraryFile libbpf = NativeLibrary.versions().get("libbpf");
        String cpus =
                Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip();
        int last = Integer.parseInt(cpus.substring(cpus.lastIndexOf('-') + 1));
        Path file = NativeLibrary.versions().get("libbcc_bpf").path().getFileName();
        assertThat(Fork.run(ALLOWED, Bindings.class)).isEqualTo("""
                libbcc_bpf %s
                resolve 0 true
                shared object 1
                cpus %d
                libbpf v%s
                LLVM false
                """.formatted(
                        file,
                        last + 1,
                        libbpf.version().orElseThrow().major() + "."
                                + libbpf.version().orElseThrow().minor()));
    }

    /** Calls what libbcc alone has, before and after it is open. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] args) {
            System.out.println(NativeLibrary.libbccBpf());
            System.out.println(NativeLibrary.has("bpf_module_create_c_from_string"));
            try {
                libbcc_h.bpf_num_functions(MemorySegment.NULL);
            } catch (UnsatisfiedLinkError e) {
                System.out.println(e.getMessage());
            }
            System.out.println(NativeLibrary.libbcc());
            System.out.println(NativeLibrary.has("bpf_module_create_c_from_string"));
            System.out.println(libbcc_h.bpf_num_tables(MemorySegment.NULL));
            System.out.println(NativeLibrary.libbccBpf().name());
        }
    }

    @Test
    void aSymbolOfALibraryThatIsNotOpenIsNamed() throws Exception {
        Map<String, LibraryFile> versions = NativeLibrary.versions();
        assertThat(Fork.run(ALLOWED, Opening.class))
                .isEqualTo("""
                %s
                false
                bpf_num_functions is not in %1$s, %s
                %s
                true
                -1
                libbcc_bpf
                """.formatted(versions.get("libbcc_bpf"), versions.get("libbpf"), versions.get("libbcc")));
    }

    /** Prints the error of opening a library. */
    static final class Failing {
        private Failing() {}

        public static void main(String[] args) {
            print(NativeLibrary::libbcc);
            print(NativeLibrary::libbccBpf);
            System.out.println(NativeLibrary.versions().keySet());
        }

        private static void print(Runnable action) {
            try {
                action.run();
            } catch (NativeLibraryException e) {
                System.out.println(e.getMessage() + "\n" + e.hint());
            }
        }
    }

    @Test
    void aMissingLibraryIsOneErrorWithAllThatWasTried() throws Exception {
        List<String> flags = List.of(ALLOWED.get(0), NOWHERE.formatted("libbcc"), NOWHERE.formatted("libbcc_bpf"));
        String why = "cannot open shared object file: No such file or directory";
        assertThat(Fork.run(flags, Failing.class)).isEqualTo("""
                No usable libbcc (0.25 or later):
                  /nowhere/libbcc.so (bcc4j.libbcc): %s
                %s
                No usable libbcc_bpf or libbcc (0.25 or later):
                  /nowhere/libbcc_bpf.so (bcc4j.libbcc_bpf): %1$s
                  /nowhere/libbcc.so (bcc4j.libbcc): %1$s
                %2$s
                [libbpf]
                """.formatted(why, InstallHint.here()));
    }

    @Test
    void libbccServesWhereLibbccBpfIsMissing() throws Exception {
        List<String> flags = List.of(ALLOWED.get(0), NOWHERE.formatted("libbcc_bpf"));
        assertThat(Fork.run(flags, Bindings.class))
                .startsWith("libbcc libbcc.so.")
                .contains("resolve 0 true");
    }

    /** Prints the error of a library and of a system call. */
    static final class Denied {
        private Denied() {}

        public static void main(String[] args) {
            Failing.print(NativeLibrary::libbcc);
            Failing.print(Linux::eventFd);
            Failing.print(Linux::eventFd);
        }
    }

    @Test
    void deniedNativeAccessNamesTheFlag() throws Exception {
        String each = """
                The JVM denies bcc4j native access, without which it can't reach the kernel.
                Start java with --enable-native-access=%s
                """;
        List<String> deny = List.of("--illegal-native-access=deny");
        assertThat(Fork.run(deny, Denied.class))
                .isEqualTo(each.formatted("ALL-UNNAMED").repeat(3));
        assertThat(Fork.runAsModule(deny, Denied.class))
                .isEqualTo(each.formatted("io.github.bcc4j.ffm").repeat(3));
    }

    @Test
    void optionalSymbolsAreThereFromTheirVersionOn() throws Throwable {
        LibraryVersion version = NativeLibrary.libbccBpf().version().orElseThrow();
        Map.of(
                        "bcc_zip_archive_open", new LibraryVersion(0, 27, 0),
                        "bcc_zip_archive_close", new LibraryVersion(0, 27, 0),
                        "bcc_zip_archive_find_entry", new LibraryVersion(0, 27, 0),
                        "bcc_zip_archive_find_entry_at_offset", new LibraryVersion(0, 27, 0),
                        "bcc_zip_archive_open_and_find", new LibraryVersion(0, 27, 0),
                        "bcc_procutils_which_so_in_process", new LibraryVersion(0, 31, 0),
                        "bcc_elf_is_pie", new LibraryVersion(0, 32, 0),
                        "kernel_enum_has_val", new LibraryVersion(0, 35, 0))
                .forEach((symbol, since) ->
                        assertThat(NativeLibrary.has(symbol)).as(symbol).isEqualTo(version.compareTo(since) >= 0));
        FunctionDescriptor shape = FunctionDescriptor.of(JAVA_INT, ADDRESS);
        assertThat(NativeLibrary.optional("bcc_no_such_function", shape)).isEmpty();
        var isSharedObject =
                NativeLibrary.optional("bcc_elf_is_shared_obj", shape).orElseThrow();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom("/nowhere");
            assertThat((int) isSharedObject.invokeExact(path)).isEqualTo(0);
        }
    }
}

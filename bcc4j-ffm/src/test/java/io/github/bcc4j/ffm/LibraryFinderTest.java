package io.github.bcc4j.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.ffm.LibraryFinder.Library;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFinderTest {
    @TempDir
    private Path folder;

    private final List<String> tried = new ArrayList<>();
    private Path real;

    @BeforeEach
    void theInstalledLibrary() {
        real = NativeLibrary.versions().get("libbcc_bpf").path();
    }

    private Optional<LibraryFile> open(Path path) {
        LibraryFinder finder = new LibraryFinder(
                p -> p.equals("bcc4j.libbcc_bpf") ? path.toString() : null, List.of(Path.of("/nowhere")));
        return finder.open(Library.LIBBCC_BPF, tried).map(LibraryFinder.Opened::file);
    }

    private Path linkTo(String name) throws Exception {
        Path target = Files.copy(real, folder.resolve(name));
        return Files.createSymbolicLink(folder.resolve("lib-link.so"), target.getFileName());
    }

    @Test
    void anOldVersionIsRefusedByTheNameBehindTheLink() throws Exception {
        Path link = linkTo("libbcc_bpf.so.0.24.0");
        assertThat(open(link)).isEmpty();
        assertThat(tried)
                .containsExactly(link + " (bcc4j.libbcc_bpf): 0.25 or later is required, " + folder
                        + "/libbcc_bpf.so.0.24.0 is 0.24.0");
    }

    @Test
    void aNewVersionIsLetIn() throws Exception {
        Path link = linkTo("libbcc_bpf.so.1.2");
        assertThat(open(link))
                .contains(new LibraryFile(
                        "libbcc_bpf", folder.resolve("libbcc_bpf.so.1.2"), Optional.of(new LibraryVersion(1, 2, 0))));
        assertThat(tried).isEmpty();
    }

    @Test
    void aNameWithoutVersionIsLetInByItsSymbols() throws Exception {
        Path file = Files.copy(real, folder.resolve("mine.so"));
        assertThat(open(file)).contains(new LibraryFile("libbcc_bpf", file, Optional.empty()));
    }

    @Test
    void aNameWithoutVersionIsRefusedByItsSymbols() throws Exception {
        Path file = compile("int bcc_symcache_new;");
        assertThat(open(file)).isEmpty();
        assertThat(tried)
                .containsExactly(file + " (bcc4j.libbcc_bpf): 0.25 or later is required, " + file
                        + " is older (__so_calc_global_addr is missing)");
    }

    @Test
    void anotherLibraryIsRefused() throws Exception {
        Path file = compile("int x;");
        assertThat(open(file)).isEmpty();
        assertThat(tried)
                .containsExactly(file + " (bcc4j.libbcc_bpf): it is no libbcc_bpf, bcc_symcache_new is missing");
    }

    @Test
    void theReasonIsTheDynamicLinkers() throws Exception {
        Path file = Files.writeString(folder.resolve("text.so"), "no library");
        assertThat(open(file)).isEmpty();
        assertThat(tried).containsExactly(file + " (bcc4j.libbcc_bpf): file too short");
    }

    private Path compile(String c) throws Exception {
        Path source = Files.writeString(folder.resolve("some.c"), c);
        Path library = folder.resolve("some.so");
        Process cc = new ProcessBuilder("cc", "-shared", "-o", library.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(cc.waitFor()).isZero();
        return library;
    }

    @Test
    void withoutPropertyTheSonameIsTriedAndThenTheUsualDirectories() {
        List<Path> directories = List.of(Path.of("/usr/local/lib"), Path.of("/usr/lib64"));
        LibraryFinder finder = new LibraryFinder(p -> null, directories);
        assertThat(finder.candidates(Library.LIBBCC))
                .containsExactly("libbcc.so.0", "/usr/local/lib/libbcc.so.0", "/usr/lib64/libbcc.so.0");
        assertThat(finder.candidates(Library.LIBBPF))
                .containsExactly("libbpf.so.1", "/usr/local/lib/libbpf.so.1", "/usr/lib64/libbpf.so.1");
        assertThat(finder.open(Library.LIBBCC_BPF, tried).map(LibraryFinder.Opened::file))
                .hasValueSatisfying(f -> assertThat(f.path()).isEqualTo(real));
    }

    @Test
    void aFileIsLocatedWithoutOpeningIt() throws Exception {
        Files.writeString(folder.resolve("libbcc.so.0.99.7"), "no library");
        Files.createSymbolicLink(folder.resolve("libbcc.so.0"), Path.of("libbcc.so.0.99.7"));
        LibraryFile file = new LibraryFile(
                "libbcc", folder.resolve("libbcc.so.0.99.7"), Optional.of(new LibraryVersion(0, 99, 7)));
        List<Path> nowhere = List.of(Path.of("/nowhere"));
        assertThat(new LibraryFinder(p -> null, List.of(folder)).locate(Library.LIBBCC, nowhere))
                .contains(file);
        assertThat(new LibraryFinder(p -> null, nowhere).locate(Library.LIBBCC, List.of(folder)))
                .contains(file);
        assertThat(new LibraryFinder(p -> folder + "/libbcc.so.0", nowhere).locate(Library.LIBBCC, List.of()))
                .contains(file);
        assertThat(new LibraryFinder(p -> "/nowhere/x.so", List.of(folder)).locate(Library.LIBBCC, List.of(folder)))
                .isEmpty();
        assertThat(file).hasToString("libbcc 0.99.7 (" + folder + "/libbcc.so.0.99.7)");
    }
}

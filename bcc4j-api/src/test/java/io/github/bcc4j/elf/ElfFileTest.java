package io.github.bcc4j.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.ElfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElfFileTest {
    private static final Path NOWHERE = Path.of("/nonexistent-root");

    @TempDir
    Path folder;

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("file"), content);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everythingThatIsDefinedIsRead(boolean wide) throws IOException {
        try (ElfFile elf = ElfFile.open(file(TinyElf.rich(wide)))) {
            assertThat(elf.isWide()).isEqualTo(wide);
            assertThat(elf.type()).isEqualTo(ElfFile.TYPE_SHARED);
            assertThat(elf.offset(TinyElf.ADDRESS + 16)).hasValue(16);
            assertThat(elf.offset(TinyElf.ADDRESS - 1)).isEmpty();
            assertThat(elf.isCode(16)).isTrue();
            assertThat(elf.isCode(1 << 20)).isFalse();
            assertThat(ElfNote.buildId(elf)).hasValue("ab01ff");
            assertThat(ElfSymbols.of(elf, NOWHERE))
                    .extracting(s -> s.fullName() + " " + s.kind() + " +" + (s.address() - TinyElf.ADDRESS))
                    .containsExactly(
                            "answer@V1 FUNCTION +16",
                            "answer@@V2 FUNCTION +32",
                            "data OTHER +48",
                            "chosen INDIRECT_FUNCTION +64");
        }
    }

    @Test
    void aDebugFileIsFoundByTheNumberOfItsBuild() throws IOException {
        Path main = file(TinyElf.rich(true));
        TinyElf debug = new TinyElf(true, 62);
        int strings = debug.section(".strtab", 3, 0, 0, TinyElf.bytes("", "hidden"));
        debug.section(
                ".symtab",
                2,
                0,
                strings,
                TinyElf.bytes(debug.symbol(0, 0, 0, 0, 0), debug.symbol(1, 0x02, 1, TinyElf.ADDRESS + 80, 4)));
        debug.section(
                ".note.gnu.build-id", 7, 0, 0, TinyElf.note("GNU", 3, new byte[] {(byte) 0xab, 0x01, (byte) 0xff}));
        Path place = folder.resolve("root/usr/lib/debug/.build-id/ab/01ff.debug");
        Files.createDirectories(place.getParent());
        Files.write(place, debug.build());
        try (ElfFile elf = ElfFile.open(main)) {
            assertThat(ElfSymbols.of(elf, folder.resolve("root")))
                    .extracting(ElfSymbol::name)
                    .contains("hidden", "answer");
        }
        byte[] ofAnotherBuild = debug.build();
        ofAnotherBuild[
                new String(ofAnotherBuild, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("\u00ab\u0001")] = 7;
        Files.write(place, ofAnotherBuild);
        try (ElfFile elf = ElfFile.open(main)) {
            assertThat(ElfSymbols.of(elf, folder.resolve("root")))
                    .extracting(ElfSymbol::name)
                    .doesNotContain("hidden");
        }
    }

    @Test
    void whatIsNoElfFileSaysSo() throws IOException {
        for (byte[] content : List.of(new byte[0], new byte[] {0x7f, 'E', 'L', 'F'}, new byte[100])) {
            assertThatThrownBy(() -> ElfFile.open(file(content)))
                    .isInstanceOf(ElfException.class)
                    .hasMessage(folder.resolve("file") + ": not an ELF file");
        }
        byte[] other = TinyElf.rich(true);
        other[5] = 2;
        assertThatThrownBy(() -> ElfFile.open(file(other))).hasMessageContaining("other byte order");
        assertThatThrownBy(() -> ElfFile.open(folder)).isInstanceOf(ElfException.class);
        assertThatThrownBy(() -> ElfFile.open(folder.resolve("none")))
                .isInstanceOfSatisfying(
                        ElfException.class, e -> assertThat(e.file()).isEqualTo(folder.resolve("none")))
                .hasMessage(folder.resolve("none") + ": there is no such file");
    }

    @Test
    void aFileThatIsCutOffSaysWhatIsMissing() throws IOException {
        byte[] whole = TinyElf.rich(true);
        assertThatThrownBy(() -> ElfFile.open(file(java.util.Arrays.copyOf(whole, whole.length - 100))))
                .isInstanceOf(ElfException.class)
                .hasMessageContaining("section headers")
                .hasMessageContaining("would not fit in the file's");
    }
}

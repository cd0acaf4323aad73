package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.MadeHeaders;
import io.github.bcc4j.compile.child.Wire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored or sent is read back equal, or refused. */
class FormatsTest {
    private static final int KIND = 0x4d4f0003;

    private static final CompiledModule MODULE = new CompiledModule(
            "GPL",
            393664,
            new byte[] {1, 2, 3},
            List.of(
                    new MapSpec(
                            "a",
                            1,
                            4,
                            8,
                            10,
                            0,
                            3,
                            4,
                            -1,
                            Optional.of("/sys/fs/bpf/a"),
                            false,
                            "\"int\"",
                            "\"long\"",
                            List.of()),
                    new MapSpec(
                            "b",
                            13,
                            4,
                            4,
                            10,
                            1,
                            0,
                            0,
                            0,
                            Optional.empty(),
                            true,
                            "",
                            "",
                            List.of("pid#u32", "comm#char[16]"))),
            List.of(new ProgramSpec("f", new byte[16], 8, new byte[8], 16, new byte[32])),
            "int f;\n",
            List.of(),
            new KernelFit("6.1.0", Map.of("struct sock", -5L, "struct file", 1L << 40), true),
            new Origin(Origin.Kind.COMPILED, "just now"));

    @Test
    void modulesSurviveTheirBinaryForm() {
        CompiledModule read = CompiledModule.fromBytes(MODULE.toBytes());
        assertThat(read).isEqualTo(MODULE).hasSameHashCodeAs(MODULE);
        assertThat(read.toBytes()).isEqualTo(MODULE.toBytes());
    }

    @Test
    void requestsSurviveTheirBinaryForm() {
        CompileRequest request = new CompileRequest(
                "text",
                "/f.c",
                "user",
                List.of("-DX=1"),
                4,
                "6.1.0",
                "/headers",
                true,
                false,
                List.of("a/b", "format"),
                5,
                1L << 40,
                new MadeHeaders("struct a;\n", List.of("linux/a.h", "net/b.h")));
        assertThat(CompileRequest.fromBytes(request.toBytes())).isEqualTo(request);
    }

    @Test
    void everyCutIsNoticed() {
        byte[] whole = MODULE.toBytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CompiledModule.fromBytes(cut))
                    .withMessageStartingWith("not a compiled module: ");
        }
    }

    @Test
    void everyChangedByteIsNoticed() {
        byte[] whole = MODULE.toBytes();
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 0x40;
            assertThatIllegalArgumentException().isThrownBy(() -> CompiledModule.fromBytes(changed));
        }
    }

    @Test
    void otherFilesAreRefused() {
        byte[] request = new CompileRequest(
                        "", "", "", List.of(), 0, "", "", true, true, List.of(), 0, 0, MadeHeaders.NONE)
                .toBytes();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompiledModule.fromBytes(request))
                .withMessage("not a compiled module: it is something else, or of another version of bcc4j");
    }

    private static CompiledModule with(List<MapSpec> maps, byte[] code, List<Diagnostic> warnings) {
        ProgramSpec program = new ProgramSpec("f", code, 0, new byte[0], 0, new byte[0]);
        return new CompiledModule(
                "GPL", 0, new byte[0], maps, List.of(program), "", warnings, KernelFit.ANY, MODULE.origin());
    }

    @Test
    void warningsAndTheirNotesSurvive() {
        Diagnostic note = new Diagnostic(Stage.FRONTEND, Severity.NOTE, "/f.c", 1, 2, "here", "", List.of());
        Diagnostic warning =
                new Diagnostic(Stage.REWRITER, Severity.WARNING, "/f.c", 3, 4, "odd", "-Wodd", List.of(note, note));
        CompiledModule module = with(List.of(), new byte[8], List.of(warning));
        assertThat(CompiledModule.fromBytes(module.toBytes()).warnings()).containsExactly(warning);
    }

    @Test
    void mapsThatAreNotThereAreRefused() {
        byte[] code = new byte[16];
        code[0] = 0x18;
        code[1] = 0x11;
        code[4] = 2; // the third of two maps
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompiledModule.fromBytes(
                        with(MODULE.maps(), code, List.of()).toBytes()))
                .withMessage("not a compiled module: program f uses map 2 of 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompiledModule.fromBytes(
                        with(MODULE.maps().reversed(), new byte[8], List.of()).toBytes()))
                .withMessage("not a compiled module: the template of map b is not one before it");
    }

    @Test
    void wellSignedNonsenseIsRefused() {
        byte[] more = new Wire.Writer(KIND)
                .text("GPL")
                .number(0)
                .bytes(new byte[0])
                .number(0)
                .number(0)
                .text("")
                .number(0)
                .text("")
                .number(0)
                .number(1)
                .number(7)
                .finish();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompiledModule.fromBytes(more))
                .withMessage("not a compiled module: it has 4 bytes too many");
        byte[] stage = new Wire.Writer(KIND)
                .text("GPL")
                .number(0)
                .bytes(new byte[0])
                .number(0)
                .number(0)
                .text("")
                .number(1)
                .number(99)
                .finish();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompiledModule.fromBytes(stage))
                .withMessage("not a compiled module: it has a choice of 99 out of 5");
        byte[] length = new Wire.Writer(KIND).number(Integer.MAX_VALUE).finish();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompiledModule.fromBytes(length))
                .withMessage("not a compiled module: a part says it has 2147483647 bytes");
    }

    @Test
    void filesThatAreTooLongAreNotRead(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("long");
        try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
            f.setLength((64L << 20) + 1);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wire.load(file, "compiled module"))
                .withMessage("not a compiled module: it has 67108865 bytes");
    }
}

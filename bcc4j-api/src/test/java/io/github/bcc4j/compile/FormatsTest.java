package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.compile.child.CompileRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is stored or sent is read back equal, or refused. */
class FormatsTest {
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
            List.of());

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
                1L << 40);
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
        byte[] request = new CompileRequest("", "", "", List.of(), 0, "", "", true, true, List.of(), 0, 0).toBytes();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompiledModule.fromBytes(request))
                .withMessage("not a compiled module: it is something else, or of another version of bcc4j");
    }
}

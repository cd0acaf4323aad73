package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.MadeHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a compile process ends, the exception names it. */
class CompileFailureTest {
    private static final CompileRequest REQUEST = new CompileRequest(
            "", "/f.c", "", List.of(), 0, "6.1.0", "", true, true, List.of(), 250, 0, MadeHeaders.NONE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "134 | aborted (SIGABRT)",
                "139 | crashed (SIGSEGV)",
                "137 | was killed (SIGKILL), by the kernel's out-of-memory killer or by somebody",
                "143 | was ended (SIGTERM)",
                "136 | ended by signal 8",
                "1 | ended with exit code 1",
                "2 | refused the C text without naming an error"
            })
    void signalsAndExitCodesAreNamed(int status, String how) {
        CompileException e = CompileFailure.explain(REQUEST, status, false, "last words");
        assertThat(e).hasMessageStartingWith("the compile process " + how + ". It said:\nlast words");
        assertThat(e.getMessage().contains("hint: LLVM crashes on very deep nesting"))
                .isEqualTo(how.matches("aborted.*|crashed.*"));
        assertThat(e.diagnostics()).singleElement().satisfies(d -> {
            assertThat(d.stage()).isEqualTo(Diagnostic.Stage.PROCESS);
            assertThat(d.severity()).isEqualTo(Diagnostic.Severity.FATAL);
            assertThat(d.message()).isEqualTo("the compile process " + how);
        });
    }

    @Test
    void timeAndMemoryAreNamed() {
        assertThat(CompileFailure.explain(REQUEST, -1, true, ""))
                .hasMessageContaining("the compile took longer than 250 ms and was stopped")
                .hasMessageContaining("hint: raise CompilerOptions.withTimeLimit");
        assertThat(CompileFailure.explain(REQUEST, 134, false, "LLVM ERROR: out of memory\nAllocation failed"))
                .hasMessageContaining("the compile ran out of memory")
                .hasMessageContaining("hint: raise CompilerOptions.withMemoryLimit");
    }

    @Test
    void manyErrorsAreCountedAndListed() {
        CompileException e = CompileFailure.explain(REQUEST, 2, false, "/f.c:1:2: error: one\n/f.c:3:4: error: two\n");
        assertThat(e).hasMessage("the C text has 2 errors:\n  /f.c:1:2: error: one\n  /f.c:3:4: error: two");
    }
}

package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClangOutputTest {
    @Test
    void theWorstComesFirstAndNotesStayWithTheirOwn() {
        List<Diagnostic> found = ClangOutput.parse("""
                /virtual/main.c:3:9: warning: unused variable 'x' [-Wunused-variable,Semantic Issue]
                /virtual/main.c:5:1: error: redefinition of 'f'
                /virtual/main.c:2:5: note: previous definition is here
                include/linux/fs.h:10:2: fatal error: 'nosuch.h' file not found
                3 errors generated.
                """);
        assertThat(found)
                .extracting(Diagnostic::severity)
                .containsExactly(Severity.FATAL, Severity.ERROR, Severity.WARNING);
        assertThat(found.get(1).notes())
                .singleElement()
                .hasToString("/virtual/main.c:2:5: note: previous definition is here");
        assertThat(found.get(2)).hasToString("/virtual/main.c:3:9: warning: unused variable 'x' [-Wunused-variable]");
        assertThat(found.getFirst().file()).isEqualTo("include/linux/fs.h");
    }

    @Test
    void repeatedPassesAreOneDiagnostic() {
        String line = "/virtual/main.c:1:2: warning: again [-Wx]\n";
        assertThat(ClangOutput.parse(line + line + line)).hasSize(1);
    }

    @Test
    void backendErrorsAreRecognised() {
        List<Diagnostic> found = ClangOutput.parse(
                "error: /virtual/main.c:3:12: in function f i32 (i8*): A call to built-in function 'memcpy' is not supported.\n"
                        + "LLVM ERROR: Unsupported dynamic stack allocation\n"
                        + "error: <unknown>:0:0: in function g i64 (): too much\n");
        assertThat(found).allMatch(d -> d.stage() == Stage.BACKEND);
        assertThat(found.get(0).message()).isEqualTo("Unsupported dynamic stack allocation");
        assertThat(found.get(1).line()).isEqualTo(3);
        assertThat(found.get(1).message())
                .isEqualTo("in function f: A call to built-in function 'memcpy' is not supported.");
        assertThat(found.get(2).file()).isEmpty();
    }

    @Test
    void chatterIsNoDiagnostic() {
        assertThat(ClangOutput.parse("Unable to find kernel headers. Try rebuilding\n    int x = 1\n            ^\n"))
                .isEmpty();
    }

    @Test
    void categoriesTellLibbccFromClang() {
        List<Diagnostic> found = ClangOutput.parse("""
                /virtual/main.c:1:1: error: expected ';' [Parse Issue]
                /virtual/main.c:2:1: error: reference to undefined table
                /virtual/main.c:3:1: warning: array index 5 is past the end [-Warray-bounds,Semantic Issue]
                """);
        assertThat(found).extracting(Diagnostic::stage).containsExactly(Stage.FRONTEND, Stage.REWRITER, Stage.FRONTEND);
        assertThat(found).extracting(Diagnostic::flag).containsExactly("", "", "-Warray-bounds");
        assertThat(found.get(0).message()).isEqualTo("expected ';'");
        assertThat(found.get(2).message()).isEqualTo("array index 5 is past the end");
    }

    @Test
    void hugeNumbersAreNoPositions() {
        assertThat(ClangOutput.parse("/a:99999999999:1: error: x\n")).isEmpty();
    }

    @Test
    void manyNotesAreReadInNoTime() {
        String text = "/a.c:1:1: error: x\n" + "/a.c:1:1: note: y\n".repeat(100_000);
        assertThat(ClangOutput.parse(text).getFirst().notes()).hasSize(100_000);
    }
}

package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompilerOptionsTest {
    private static final CompilerOptions NONE = CompilerOptions.DEFAULT;

    @Test
    void numbersBecomeLiteralsOfTheirOwnValue() {
        assertThat(NONE.define("A", 5).cflags()).containsExactly("-DA=5");
        assertThat(NONE.define("A", -5).cflags()).containsExactly("-DA=(-5)");
        assertThat(NONE.define("A", 1L << 40).cflags()).containsExactly("-DA=1099511627776LL");
        assertThat(NONE.define("A", Long.MIN_VALUE).cflags()).containsExactly("-DA=(-9223372036854775807LL-1)");
    }

    @Test
    void textsBecomeLiteralsThatHoldThem() {
        assertThat(NONE.defineString("S", "a\"b").cflags()).containsExactly("-DS=\"a\\042b\"");
    }

    @Test
    void aTextToCompareWithIsNothingButNumbers() {
        assertThat(NONE.defineEquals("IS", "a\"").cflags())
                .singleElement()
                .asString()
                .startsWith("-DIS(a)=({_Static_assert(")
                .endsWith("sizeof(a)>2&&(unsigned char)(a)[0]==97&&(unsigned char)(a)[1]==34"
                        + "&&(unsigned char)(a)[2]==0;})");
        assertThat(NONE.defineEquals("IS", "ä").cflags().getFirst()).contains("[0]==195&&", "[1]==164&&");
        assertThat(NONE.defineEquals("IS", "").cflags().getFirst())
                .endsWith("sizeof(a)>0&&(unsigned char)(a)[0]==0;})");
    }

    @Test
    void aTextThatCannotBeComparedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.defineEquals("IS", "a\0b"))
                .withMessageStartingWith(
                        "a text to compare with has no NUL character and 255 bytes at most; this one has 3 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.defineEquals("IS", "ä".repeat(128)))
                .withMessageContaining("this one has 256 bytes");
        assertThat(NONE.defineEquals("IS", "a".repeat(255)).cflags()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a b", "a=1", "a\n", "a;", "ä", "-Dx"})
    void whatIsNoIdentifierIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.define(name, 1))
                .withMessage("not a C identifier: \"" + name + '"');
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.define("A", name));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.defineString(name, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.defineEquals(name, ""));
    }

    @Test
    void limitsAndNamesAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withTimeLimit(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withMemoryLimit(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withSourceName("relative.c"))
                .withMessageContaining("an absolute path without quotes");
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withSourceName("/a\"b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "linux", "6", "6.1/../../etc", "6.1 ", "6.1\n"})
    void whatIsNoReleaseIsRefused(String release) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withKernelRelease(release))
                .withMessage("not a kernel release: \"" + release + '"');
    }

    @Test
    void flagsAreWholeForTheCompiler() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withFlags("-DX=1\0-DY=2"))
                .withMessageStartingWith("a compiler flag has no NUL character: ");
    }
}

package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.TypeSource;
import io.github.bcc4j.kernel.KernelVersion;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** bcc's dialect on types from the running kernel's BTF: the corpus compiles, and its verifier takes it. */
@Tag("native")
class CorpusTest {
    @Test
    void theCorpusCompilesAndLoadsWithTypesFromBtfAlone() throws InterruptedException {
        List<Corpus.Text> texts = Corpus.texts(KernelVersion.current());
        assertThat(texts).extracting(Corpus.Text::name).contains("names/own_structs.c");
        Corpus.compile(texts, CompilerOptions.DEFAULT.withTypesFrom(TypeSource.BTF))
                .assertGoodHere(200);
    }
}

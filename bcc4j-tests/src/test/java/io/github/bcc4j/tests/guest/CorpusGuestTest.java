package io.github.bcc4j.tests.guest;

import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.TypeSource;
import io.github.bcc4j.kernel.KernelVersion;
import io.github.bcc4j.tests.Corpus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The corpus on types from the BTF of the guest's kernel: it compiles, and that kernel's verifier takes it. */
@Tag("guest")
public class CorpusGuestTest {
    @Test
    void theCorpusCompilesAndLoads() throws InterruptedException {
        Corpus.compile(Corpus.texts(KernelVersion.current()), CompilerOptions.DEFAULT.withTypesFrom(TypeSource.BTF))
                .assertGoodHere(50);
    }
}

package io.github.bcc4j.tests.guest;

import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.TypeSource;
import io.github.bcc4j.kernel.KernelVersion;
import io.github.bcc4j.tests.Corpus;
import io.github.bcc4j.tests.Workloads;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** bcc's dialect on types from the guest kernel's BTF and its modules': the corpus compiles, and its verifier takes it. */
@Tag("guest")
public class CorpusGuestTest {
    @Test
    void theCorpusCompilesAndLoadsWithTypesFromBtfAlone() throws InterruptedException {
        Workloads.shell("modprobe -a ext4 xfs nfs fuse"); // the types of a module are there with the module
        Corpus.compile(Corpus.texts(KernelVersion.current()), CompilerOptions.DEFAULT.withTypesFrom(TypeSource.BTF))
                .assertGoodHere(200);
    }
}

package io.github.bcc4j.tests.guest;

import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.TypeSource;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.kernel.KernelVersion;
import io.github.bcc4j.tests.Corpus;
import io.github.bcc4j.tests.Workloads;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * bcc's dialect on types from the guest kernel's BTF and its modules': the corpus compiles, and its verifier takes it. An emulated machine
 * is slow: every sixth text, unless {@code -Dbcc4j.test.corpus=whole}.
 */
@OnKernels(
        value = {"6.1", "6.12", "7"},
        timeoutSeconds = 900)
@Tag("vm")
public class CorpusGuestTest {
    @Test
    void theCorpusCompilesAndLoadsWithTypesFromBtfAlone() throws InterruptedException {
        Workloads.shell("modprobe -a ext4 xfs nfs fuse"); // the types of a module are there with the module
        List<Corpus.Text> all = Corpus.texts(KernelVersion.current());
        int step = System.getProperty("bcc4j.test.corpus", "").equals("whole") ? 1 : 6;
        List<Corpus.Text> texts = IntStream.range(0, all.size())
                .filter(i -> i % step == 0)
                .mapToObj(all::get)
                .toList();
        Corpus.compile(texts, CompilerOptions.DEFAULT.withTypesFrom(TypeSource.BTF))
                .assertGoodHere(200 / step);
    }
}

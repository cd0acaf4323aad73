package io.github.bcc4j.headers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.kernel.KernelTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kernel's BTF with bytes changed at random gives headers, or one kind of exception, in time. */
@Tag("native")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MangledBtfTest {
    private static final String PROGRAM = """
            int f(struct pt_regs *ctx, struct task_struct *t, struct sock *sk, struct file *file, struct request *rq) {
                return t->mm->pgd->pgd + sk->sk_prot->obj_size + file->f_path.dentry->d_inode->i_sb->s_dev + rq->q->queuedata;
            }
            """;

    @RepeatedTest(40)
    void isReadOrRefused(RepetitionInfo repetition, @TempDir Path folder) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] btf = Files.readAllBytes(KernelTarget.running().btf().orElseThrow());
        // From a few bytes anywhere to thousands, or a whole run of one value.
        int changes = 1 << random.nextInt(14);
        int start = random.nextInt(btf.length);
        byte value = (byte) random.nextInt(256);
        for (int i = 0; i < changes; i++) {
            if (repetition.getCurrentRepetition() % 4 == 0) {
                btf[(start + i) % btf.length] = value;
            } else {
                btf[24 + random.nextInt(btf.length - 24)] = (byte) random.nextInt(256);
            }
        }
        Path file = Files.write(folder.resolve("vmlinux"), btf);
        try {
            KernelTypes types =
                    KernelTypes.of(KernelTarget.of("6.18.0-mangled", file)).orElseThrow();
            assertThat(new HeaderTree(types, PROGRAM, List.of()).headers().text())
                    .contains("LINUX_VERSION_CODE");
        } catch (BpfException e) {
            assertThat(e.getMessage()).containsAnyOf("can't read the types of kernel", "can't be used");
        }
    }
}

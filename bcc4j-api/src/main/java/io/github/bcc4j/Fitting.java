package io.github.bcc4j;

import io.github.bcc4j.compile.KernelFit;
import io.github.bcc4j.headers.HeaderTree;
import io.github.bcc4j.headers.KernelTypes;
import io.github.bcc4j.kernel.KernelTarget;
import java.util.List;
import java.util.Optional;

/** Keeps modules out of kernels where they would read wrong offsets. */
final class Fitting {
    private static final String HINT = "compile for this kernel: on it, or with its description"
            + " (./bcc4j target -o FILE there, CompilerOptions.withTarget(KernelTarget.open(FILE)) here)";

    private Fitting() {}

    static void require(KernelFit fit) {
        KernelTarget running = KernelTarget.running();
        if (fit.release().isEmpty() || fit.release().equals(running.release())) {
            return;
        }
        if (!fit.exact()) {
            throw new BpfException(
                    "the module was compiled with the header files of kernel " + fit.release()
                            + ", and nothing tells whether its offsets are right in this one, " + running.release(),
                    HINT,
                    null);
        }
        Optional<KernelTypes> types = KernelTypes.of(running);
        if (types.isEmpty()) {
            throw new BpfException(
                    "the module was compiled for kernel " + fit.release() + ", and this one, " + running.release()
                            + ", has no BTF to compare it with",
                    HINT,
                    null);
        }
        List<String> different = HeaderTree.differences(fit.layouts(), types.get());
        if (!different.isEmpty()) {
            throw new BpfException(
                    "the module was compiled for kernel " + fit.release() + "; in this one, " + running.release() + ", "
                            + String.join(", ", different)
                            + (different.size() == 1 ? " is" : " are") + " laid out otherwise",
                    HINT,
                    null);
        }
    }
}

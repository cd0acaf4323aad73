package io.github.bcc4j.junit;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.PostDiscoveryFilter;

/** Keeps tests that are {@link OnKernels} from running on the host by JUnit Jupiter. Found by JUnit, as a service. */
public final class HostFilter implements PostDiscoveryFilter {
    /** Made by JUnit. */
    public HostFilter() {}

    @Override
    public FilterResult apply(TestDescriptor test) {
        boolean ours = !GuestJvm.isGuest()
                && test.getUniqueId()
                        .getEngineId()
                        .filter(KernelTree.JUPITER::equals)
                        .isPresent()
                && KernelTree.kernels(test).filter(kernels -> !kernels.here()).isPresent();
        return FilterResult.includedIf(!ours, () -> "not here", () -> "runs in virtual machines");
    }
}

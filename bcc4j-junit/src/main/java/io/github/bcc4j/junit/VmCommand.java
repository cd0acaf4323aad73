package io.github.bcc4j.junit;

import java.util.List;

/** Runs a command in a virtual machine for the command line: {@code --vm[=KERNEL]}. */
public final class VmCommand {
    /** The kernel when none is named: the oldest of Debian's that have everything, so the one most programs run on. */
    public static final String DEFAULT_KERNEL = "6.1";

    private VmCommand() {}

    /**
     * Boots a kernel, says so in one line on standard error, and runs a command with its outputs on ours. C texts of bcc4j programs
     * in it are compiled on the host.
     *
     * @param kernel as for {@link KernelImage#fetch}, or null for {@link #DEFAULT_KERNEL}
     * @param command the program and its arguments
     * @return the command's exit status
     * @throws VmException if the guest did not come to an exit status
     * @throws InterruptedException if the thread is interrupted
     */
    public static int run(String kernel, List<String> command) throws InterruptedException {
        KernelImage image = KernelImage.fetch(kernel == null || kernel.isEmpty() ? DEFAULT_KERNEL : kernel);
        try (KernelVm vm = KernelVm.builder(image).compilesOnHost().build()) {
            String how = vm.accelerator().equals("kvm") ? "KVM" : "emulated: slow";
            System.err.println("bcc4j: booting Linux " + image.release() + " in a virtual machine (" + how + ")");
            return vm.run(command, System.out, System.err).exitStatus();
        }
    }
}

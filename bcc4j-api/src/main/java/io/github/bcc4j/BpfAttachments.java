package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.NetworkDevice;
import io.github.bcc4j.attach.RawSocketSpec;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.compile.CompiledModule;

/** The part of {@link BPF} that names places to attach to, but for probes. */
abstract sealed class BpfAttachments extends BpfData permits BPF {
    BpfAttachments(CompiledModule module) {
        super(module);
    }

    abstract BpfLink attach(AttachSpec spec, String function);

    /**
     * Runs a function as a filter of all packets that a network device sends and receives, and reads those it lets through.
     *
     * @param device a device of this process's network namespace
     * @param function the function of the C text; it returns how many bytes to keep, 0 for none
     * @return the packets
     */
    public RawSocket attachRawSocket(String device, String function) {
        return attachRawSocket(NetworkDevice.of(device), function);
    }

    /**
     * Runs a function as a filter of all packets that a network device sends and receives, and reads those it lets through.
     *
     * @param device the device
     * @param function the function of the C text; it returns how many bytes to keep, 0 for none
     * @return the packets
     */
    public RawSocket attachRawSocket(NetworkDevice device, String function) {
        BpfLink link = attach(new RawSocketSpec(device), function);
        try {
            return new RawSocket(link);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /**
     * Attaches to what a network device receives, before the kernel sees it, by the driver if it can.
     *
     * @param device a device of this process's network namespace
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachXdp(String device, String function) {
        return attach(XdpSpec.of(device), function);
    }

    /**
     * Attaches to what a network device receives, with its socket buffers.
     *
     * @param device a device of this process's network namespace
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachTcIngress(String device, String function) {
        return attach(TcSpec.ingress(device), function);
    }

    /**
     * Attaches to what a network device sends, with its socket buffers.
     *
     * @param device a device of this process's network namespace
     * @param function the function of the C text
     * @return the attachment
     */
    public BpfLink attachTcEgress(String device, String function) {
        return attach(TcSpec.egress(device), function);
    }
}

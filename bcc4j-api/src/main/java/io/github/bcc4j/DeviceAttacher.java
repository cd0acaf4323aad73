package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.NetworkDevice;
import io.github.bcc4j.attach.RawSocketSpec;
import io.github.bcc4j.attach.SocketSpec;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.ffm.linux.BpfAttach;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.ffm.linux.Sockets;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.kernel.KernelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/** Attaches programs to network devices and sockets. */
final class DeviceAttacher {
    private static final int BPF_XDP = 37;
    private static final int BPF_TCX_INGRESS = 46;
    private static final int BPF_TCX_EGRESS = 47;

    private DeviceAttacher() {}

    static BpfLink xdp(BpfProgram program, XdpSpec spec, Consumer<BpfLink> onClose) {
        long link = at(
                program,
                spec,
                spec.device(),
                index -> program.fd()
                        .call(p -> BpfAttach.link(p, index, BPF_XDP, spec.mode().flags())));
        if (link == -Errno.EINVAL && !KernelVersion.current().isAtLeast(5, 9)) {
            throw new UnsupportedByKernelException("an XDP link", "5.9", "it is Linux " + KernelVersion.current());
        }
        return link(program, spec, link, onClose);
    }

    static BpfLink tc(BpfProgram program, TcSpec spec, Consumer<BpfLink> onClose) {
        if (spec.isFilter() || !Features.tcx().isSupported()) {
            return TcFilter.attach(program, spec, onClose);
        }
        int type = spec.egress() ? BPF_TCX_EGRESS : BPF_TCX_INGRESS;
        long link =
                at(program, spec, spec.device(), index -> program.fd().call(p -> BpfAttach.link(p, index, type, 0)));
        return link(program, spec, link, onClose);
    }

    static BpfLink rawSocket(BpfProgram program, RawSocketSpec spec, Consumer<BpfLink> onClose) {
        long socket = at(program, spec, spec.device(), index -> packetSocket(program, index));
        return link(program, spec, socket, onClose);
    }

    /** The program comes before the binding, so that no packet passes it by. */
    private static long packetSocket(BpfProgram program, int index) {
        int socket = Sockets.packetSocket();
        if (socket < 0) {
            return socket;
        }
        long result = attachTo(socket, program);
        if (result == 0) {
            result = Sockets.bindToDevice(socket, index);
        }
        if (result < 0) {
            Linux.close(socket);
        }
        return result < 0 ? result : socket;
    }

    private static long attachTo(int socket, BpfProgram program) {
        return program.fd().call(p -> Sockets.setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_ATTACH_BPF, p));
    }

    static BpfLink socket(BpfProgram program, SocketSpec spec, Consumer<BpfLink> onClose) {
        int own = Attacher.check(Linux.dup(spec.descriptor()), program, spec);
        Fd held = Fd.own(own, "socket of " + program.name());
        try {
            Attacher.check(attachTo(own, program), program, spec);
            int link = Attacher.check(Linux.dup(own), program, spec);
            return Attacher.link(program, spec, link, () -> release(held), onClose);
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private static void release(Fd socket) {
        socket.call(s -> Sockets.setOption(s, Sockets.SOL_SOCKET, Sockets.SO_DETACH_BPF, 0));
        socket.close();
    }

    private static BpfLink link(BpfProgram program, AttachSpec spec, long fd, Consumer<BpfLink> onClose) {
        return Attacher.link(program, spec, Attacher.check(fd, program, spec), () -> {}, onClose);
    }

    /** Does something with a device's index, in the device's namespace. */
    static long at(BpfProgram program, AttachSpec spec, NetworkDevice device, IntToLongFunction what) {
        return NetworkNamespace.call(device.namespace(), () -> {
            int index = Sockets.interfaceIndex(device.name());
            if (index == -Errno.ENODEV) {
                throw new AttachException(program.name(), spec, Errno.ENODEV, noSuchDevice(device));
            }
            return index < 0 ? index : what.applyAsLong(index);
        });
    }

    private static String noSuchDevice(NetworkDevice device) {
        String here = device.namespace().isPresent() ? "that network namespace" : "this process's network namespace";
        String none = here + " has no device " + device.name();
        try {
            // Two lines of headings; then "  eth0: 4711 ...", in the namespace of this thread
            List<String> names = Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                    .skip(2)
                    .map(l -> l.substring(0, l.indexOf(':')).strip())
                    .toList();
            return none + "; there is " + String.join(", ", names);
        } catch (IOException e) {
            return none;
        }
    }

    static String why(AttachSpec spec, int errno) {
        return switch (spec) {
            case XdpSpec x
            when errno == Errno.EBUSY || errno == Errno.EEXIST ->
                "the device runs an XDP program already (ip link show), possibly in another mode";
            case XdpSpec x
            when errno == Errno.EOPNOTSUPP || errno == Errno.EINVAL ->
                "the device or its driver can't in this mode: GENERIC works on every device";
            case RawSocketSpec r when errno == Errno.EPERM -> "a packet socket takes CAP_NET_RAW";
            case SocketSpec s
            when errno == Errno.EBADF || errno == Errno.ENOTSOCK ->
                "descriptor " + s.descriptor() + " is no open socket of this process";
            default -> null;
        };
    }
}

package io.github.bcc4j;

import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.CgroupSpec;
import io.github.bcc4j.attach.NamespaceSpec;
import io.github.bcc4j.attach.SockmapSpec;
import io.github.bcc4j.ffm.linux.BpfAttach;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.kernel.KernelVersion;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Attaches programs to groups of processes or sockets: cgroups, network namespaces, maps of sockets. */
final class GroupAttacher {
    private static final int BPF_F_ALLOW_MULTI = 2;

    private GroupAttacher() {}

    static BpfLink cgroup(BpfProgram program, CgroupSpec spec, Consumer<BpfLink> onClose) {
        Fd cgroup = open(spec.cgroup(), program, spec);
        if (!KernelVersion.current().isAtLeast(5, 7)) {
            return byTarget(program, spec, cgroup, BPF_F_ALLOW_MULTI, onClose);
        }
        return link(program, spec, cgroup, onClose);
    }

    static BpfLink namespace(BpfProgram program, NamespaceSpec spec, Consumer<BpfLink> onClose) {
        return link(program, spec, open(spec.namespace(), program, spec), onClose);
    }

    /** The map is this process's own, so that nothing outlives it. */
    static BpfLink sockmap(BpfProgram program, SockmapSpec spec, int map, Consumer<BpfLink> onClose) {
        Fd held = Fd.own(Attacher.check(Linux.dup(map), program, spec), "map \"" + spec.map() + '"');
        return byTarget(program, spec, held, 0, onClose);
    }

    private static Fd open(Path path, BpfProgram program, AttachSpec spec) {
        return Fd.own(Attacher.check(Linux.openNonBlocking(path.toString()), program, spec), path.toString());
    }

    private static BpfLink link(BpfProgram program, AttachSpec spec, Fd target, Consumer<BpfLink> onClose) {
        try (target) {
            long link = program.fd()
                    .call(p -> BpfAttach.link(
                            p, target.number(), spec.programType().attachType(), 0));
            return Attacher.link(program, spec, Attacher.check(link, program, spec), () -> {}, onClose);
        }
    }

    /** An attachment without a descriptor of its own; another one of the program stands for it. */
    private static BpfLink byTarget(
            BpfProgram program, AttachSpec spec, Fd target, int flags, Consumer<BpfLink> onClose) {
        int type = spec.programType().attachType();
        try {
            Attacher.check(program.fd().call(p -> BpfAttach.attach(p, target.number(), type, flags)), program, spec);
            Fd held = program.fd().use(p -> Fd.own(Linux.dup(p), program.toString()));
            Runnable detach = () -> {
                held.call(p -> BpfAttach.detach(p, target.number(), type));
                held.close();
                target.close();
            };
            return Attacher.link(program, spec, (int) held.call(Linux::dup), detach, onClose);
        } catch (RuntimeException e) {
            target.close();
            throw e;
        }
    }

    static String why(AttachSpec spec, int errno) {
        return switch (spec) {
            case CgroupSpec c
            when errno == Errno.ENOENT ->
                "there is no such folder; the cgroup2 file system is often at /sys/fs/cgroup or /sys/fs/cgroup/unified";
            case CgroupSpec c when errno == Errno.EBADF -> "this is no folder of a cgroup2 file system";
            case CgroupSpec c when errno == Errno.EINVAL -> "this kernel does not know the attachment";
            case NamespaceSpec n
            when errno == Errno.ENOENT ->
                "there is no such file; a process's is /proc/PID/ns/net, one of ip-netns(8) is /run/netns/NAME";
            case NamespaceSpec n when errno == Errno.EINVAL -> "this file is no network namespace";
            case NamespaceSpec n
            when errno == Errno.E2BIG || errno == Errno.EEXIST ->
                "another program does this already, for the namespace or for all";
            case SockmapSpec s
            when errno == Errno.EINVAL || errno == Errno.EOPNOTSUPP ->
                "is it a BPF_SOCKMAP or BPF_SOCKHASH? A parser and a verdict exclude a verdict without parser";
            case SockmapSpec s when errno == Errno.EBUSY -> "the map has another program of this kind already";
            default -> null;
        };
    }
}

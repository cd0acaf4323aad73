package io.github.bcc4j.attach;

/** A place a program can be attached to: a value, valid or not on a given kernel. {@code BPF.attach} makes it a link. */
public sealed interface AttachSpec
        permits KprobeSpec,
                TracepointSpec,
                RawTracepointSpec,
                UprobeSpec,
                UprobesSpec,
                UsdtSpec,
                PerfEventSpec,
                RawSocketSpec,
                SocketSpec,
                XdpSpec,
                TcSpec,
                CgroupSpec,
                SockmapSpec,
                NamespaceSpec,
                KprobesSpec,
                FentrySpec,
                LsmSpec,
                IteratorSpec {
    /**
     * The type a program must have to be attached here.
     *
     * @return never null
     */
    ProgramType programType();

    /**
     * The place, as bcc's multi-tools write it.
     *
     * @return {@code p:vfs_read}, {@code t:sched:sched_switch}, ...
     */
    @Override
    String toString();
}

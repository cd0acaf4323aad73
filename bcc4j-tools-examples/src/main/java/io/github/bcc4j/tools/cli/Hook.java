package io.github.bcc4j.tools.cli;

import static io.github.bcc4j.tools.cli.Way.kprobe;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.kernel.KernelVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What tools look at in the kernel, and the ways of seeing it on kernels old and new, the best first: a tracepoint where there is one, since
 * its fields keep their names, else functions under the names they have had. Versions are those of mainline.
 */
public enum Hook {
    // processes and scheduling

    // files and the page cache
    /** Reads of files. */
    VFS_READ("reads of files", kprobe("vfs_read")),
    /** Writes to files. */
    VFS_WRITE("writes to files", kprobe("vfs_write")),
    /** Files being made durable. */
    VFS_FSYNC("fsync", kprobe("vfs_fsync_range")),
    /** Files being opened. */
    VFS_OPEN("opens of files", kprobe("vfs_open")),
    /** Files being made. */
    VFS_CREATE("files being made", kprobe("vfs_create")),
    /** Files being removed. */
    VFS_UNLINK("files being removed", kprobe("vfs_unlink")),
    /** Folders being made. */
    VFS_MKDIR("folders being made", kprobe("vfs_mkdir")),
    /** Folders being removed. */
    VFS_RMDIR("folders being removed", kprobe("vfs_rmdir")),

    // the network
    /** Probes for lost ends of TCP streams. */
    TCP_LOSS_PROBE("tail loss probes", kprobe("tcp_send_loss_probe"));

    private final String what;
    private final List<Way> ways;

    Hook(String what, Way... ways) {
        this.what = what;
        this.ways = List.of(ways);
    }

    Optional<Way> find() {
        return ways.stream().filter(way -> way.obstacle().isEmpty()).findFirst();
    }

    /**
     * Whether this kernel has a way.
     *
     * @return true if so
     */
    public boolean exists() {
        return find().isPresent();
    }

    Way choose() {
        return find().orElseThrow(() -> new BpfException(
                "Linux " + KernelVersion.current().release() + " has no way to see " + what + ": "
                        + ways.stream().map(way -> way.obstacle().orElse("")).collect(Collectors.joining("; ")),
                null,
                null));
    }
}

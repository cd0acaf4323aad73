package io.github.bcc4j.tools.cli;

import static io.github.bcc4j.tools.cli.Way.kprobe;
import static io.github.bcc4j.tools.cli.Way.tracepoint;

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

    /** Checks of capabilities; the function tells more than the tracepoint, which is there since 6.13. */
    CAPABILITY("checks of capabilities", kprobe("cap_capable"), tracepoint("capability:cap_capable")),

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
    /** Reads of ext4. */
    EXT4_READ("reads of ext4", kprobe("ext4_file_read_iter")),
    /** Writes of ext4. */
    EXT4_WRITE("writes of ext4", kprobe("ext4_file_write_iter")),
    /** Opens of ext4. */
    EXT4_OPEN("opens of ext4", kprobe("ext4_file_open")),
    /** Syncs of ext4. */
    EXT4_SYNC("syncs of ext4", kprobe("ext4_sync_file")),
    /** Reads of XFS. */
    XFS_READ("reads of XFS", kprobe("xfs_file_read_iter")),
    /** Writes of XFS. */
    XFS_WRITE("writes of XFS", kprobe("xfs_file_write_iter")),
    /** Opens of XFS. */
    XFS_OPEN("opens of XFS", kprobe("xfs_file_open")),
    /** Syncs of XFS. */
    XFS_SYNC("syncs of XFS", kprobe("xfs_file_fsync")),
    /** Reads of btrfs. */
    BTRFS_READ("reads of btrfs", kprobe("btrfs_file_read_iter")),
    /** Writes of btrfs. */
    BTRFS_WRITE("writes of btrfs", kprobe("btrfs_file_write_iter")),
    /** Opens of btrfs. */
    BTRFS_OPEN("opens of btrfs", kprobe("btrfs_file_open")),
    /** Syncs of btrfs. */
    BTRFS_SYNC("syncs of btrfs", kprobe("btrfs_sync_file")),
    /** Reads of NFS. */
    NFS_READ("reads of NFS", kprobe("nfs_file_read")),
    /** Writes of NFS. */
    NFS_WRITE("writes of NFS", kprobe("nfs_file_write")),
    /** Opens of NFS. */
    NFS_OPEN("opens of NFS", kprobe("nfs4_file_open"), kprobe("nfs_file_open")),
    /** Syncs of NFS. */
    NFS_SYNC("syncs of NFS", kprobe("nfs_file_fsync")),
    /** Pages of files being asked for: since 6.13 by a tracepoint. */
    PAGE_ACCESSED(
            "pages of files being asked for",
            tracepoint("filemap:mm_filemap_get_pages"),
            kprobe("folio_mark_accessed"),
            kprobe("mark_page_accessed")),
    /** Buffers of block devices being made dirty. */
    BUFFER_DIRTIED("buffers being made dirty", kprobe("mark_buffer_dirty")),

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

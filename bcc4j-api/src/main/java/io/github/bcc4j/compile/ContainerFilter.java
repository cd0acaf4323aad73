package io.github.bcc4j.compile;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Limits a program to processes of containers that others name in pinned maps, as container runtimes do: a C function for the program to
 * ask, {@code container_should_be_filtered()}, which is true in a process of none of them. It goes before the C text; lines keep their
 * numbers:
 *
 * <pre>{@code
 * ContainerFilter filter = ContainerFilter.ofMountNamespaces(Path.of("/sys/fs/bpf/containers"));
 * BPF.fromSource(filter.text() + """
 *         int f(void *ctx) { if (container_should_be_filtered()) return 0; ... }""");
 * }</pre>
 *
 * <p>A map is a hash of 1024 entries whose keys ({@code u64}) are what counts: the ids of cgroups (version 2), with values of 8 bytes;
 * or the inode numbers of mount namespaces ({@code /proc/PID/ns/mnt}), with values of 4 bytes. It is pinned if nothing is yet.
 *
 * @param cgroups where the cgroups' map is pinned; empty to let all pass
 * @param mountNamespaces where the mount namespaces' map is pinned; empty to let all pass
 */
public record ContainerFilter(Optional<Path> cgroups, Optional<Path> mountNamespaces) {
    private static final String CGROUPS = """
            BPF_TABLE_PINNED("hash", u64, u64, bcc4j_cgroups, 1024, "%s");
            static inline int bcc4j_other_cgroup(void) {
                u64 id = bpf_get_current_cgroup_id();
                return !bcc4j_cgroups.lookup(&id);
            }
            """;
    private static final String MOUNT_NAMESPACES = """
            #include <linux/sched.h>
            #include <linux/nsproxy.h>
            #include <linux/ns_common.h>
            #include <linux/version.h>
            struct bcc4j_mount_namespace {
            #if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
                int count;
            #endif
                struct ns_common ns;
            };
            BPF_TABLE_PINNED("hash", u64, u32, bcc4j_mount_namespaces, 1024, "%s");
            static inline int bcc4j_other_mount_namespace(void) {
                struct task_struct *task = (void *)bpf_get_current_task();
                struct nsproxy *proxy = 0;
                struct bcc4j_mount_namespace *mounts = 0;
                unsigned int number = 0;
                u64 key;
                bpf_probe_read_kernel(&proxy, sizeof(proxy), &task->nsproxy);
                bpf_probe_read_kernel(&mounts, sizeof(mounts), &proxy->mnt_ns);
                bpf_probe_read_kernel(&number, sizeof(number), &mounts->ns.inum);
                key = number;
                return !bcc4j_mount_namespaces.lookup(&key);
            }
            """;

    /**
     * Checks the paths.
     *
     * @param cgroups where the cgroups' map is pinned
     * @param mountNamespaces where the mount namespaces' map is pinned
     * @throws IllegalArgumentException if a path is not absolute, or has characters that don't belong into a path of a BPF file system
     */
    public ContainerFilter {
        cgroups.ifPresent(ContainerFilter::check);
        mountNamespaces.ifPresent(ContainerFilter::check);
    }

    /**
     * Processes of some cgroups. Kernel floor: 4.18.
     *
     * @param pinned where the map is pinned
     * @return a filter
     */
    public static ContainerFilter ofCgroups(Path pinned) {
        return new ContainerFilter(Optional.of(pinned), Optional.empty());
    }

    /**
     * Processes with some mount namespaces. Kernel floor: 4.8.
     *
     * @param pinned where the map is pinned
     * @return a filter
     */
    public static ContainerFilter ofMountNamespaces(Path pinned) {
        return new ContainerFilter(Optional.empty(), Optional.of(pinned));
    }

    private static void check(Path pinned) {
        if (!pinned.toString().matches("/[A-Za-z0-9_./@+-]*")) {
            throw new IllegalArgumentException(
                    "a map is pinned at an absolute path of letters, digits and any of _./@+-, not at \"" + pinned
                            + '"');
        }
    }

    /**
     * The C text to put before a program's own.
     *
     * @return whole lines; what follows begins with line 1 again
     */
    public String text() {
        return cgroups.map(CGROUPS::formatted).orElse("")
                + mountNamespaces.map(MOUNT_NAMESPACES::formatted).orElse("")
                + "static inline int container_should_be_filtered(void) { return "
                + (cgroups.isPresent() ? "bcc4j_other_cgroup() || " : "")
                + (mountNamespaces.isPresent() ? "bcc4j_other_mount_namespace() || " : "")
                + "0; }\n#line 1\n";
    }
}

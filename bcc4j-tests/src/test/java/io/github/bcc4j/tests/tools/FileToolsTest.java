package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.MountedFolder;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.tests.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools for files and the page cache. */
@OnKernels({"here", "6.1", "6.12"})
@Tag("vm")
public class FileToolsTest {
    private static final String SELF = String.valueOf(ProcessHandle.current().pid());

    @TempDir
    Path folder;

    @Test
    void opensnoopSeesEachOpenOfAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("opened, \"twice\""), "x");
        ToolRun run = ToolRun.beside(Workload.opens(file, 30)::run, "opensnoop", "-p", SELF, "--json")
                .succeeded();
        List<JsonNode> opens = run.rows("path", file.toString());
        assertThat(opens).hasSize(30).allSatisfy(row -> {
            assertThat(row.path("err").asInt()).isZero();
            assertThat(row.path("fd").asInt()).isPositive();
        });
    }

    @Test
    void vfsstatCountsOrSaysWhatTheKernelLacks() {
        if (!Features.kprobe().isSupported()) {
            assertThat(ToolRun.of("vfsstat").refusal())
                    .startsWith("vfsstat: Linux " + System.getProperty("os.version")
                            + " has no way to see reads of files: " + "there are no kprobes for the function vfs_read");
            return;
        }
        try (MountedFolder own = MountedFolder.tmpfs(1 << 20)) { // an overlay would call everything twice
            ToolRun run = ToolRun.beside(
                            () -> {
                                for (int i = 0; i < 25; i++) {
                                    Path made = Files.writeString(own.path().resolve("f" + i), "x");
                                    Files.delete(made);
                                }
                                for (int i = 0; i < 12; i++) {
                                    Files.delete(
                                            Files.createDirectory(own.path().resolve("d" + i)));
                                }
                            },
                            "vfsstat",
                            "-p",
                            SELF,
                            "600",
                            "--json")
                    .succeeded();
            assertThat(run.rows()).singleElement().satisfies(row -> {
                assertThat(row.path("unlink").asLong()).isEqualTo(25);
                assertThat(row.path("mkdir").asLong()).isEqualTo(12);
                assertThat(row.path("rmdir").asLong()).isEqualTo(12);
                assertThat(row.path("write").asLong()).isBetween(25L, 60L);
                assertThat(row.path("fsync").asLong()).isZero();
            });
        }
    }

    /** Writes, syncs and reads one file of eight blocks on a file system of its own; what the tool for it has seen. */
    private static void slower(String tool, String type, long bytes) throws Exception {
        if (!Features.kprobe().isSupported()) {
            assertThat(ToolRun.of(tool).refusal())
                    .startsWith(tool + ": Linux " + System.getProperty("os.version") + " has no way to see reads of ")
                    .contains("there are no kprobes for the function ");
            return;
        }
        try (MountedFolder own = MountedFolder.loop(type, bytes)) {
            String file = own.path().resolve("slow-file").toString();
            ToolRun run = ToolRun.beside(
                            () -> {
                                Workloads.run(
                                        "dd",
                                        "if=/dev/zero",
                                        "of=" + file,
                                        "bs=4096",
                                        "count=8",
                                        "conv=fsync",
                                        "status=none");
                                Workloads.run("dd", "if=" + file, "of=/dev/null", "bs=4096", "status=none");
                            },
                            tool,
                            "0",
                            "--json")
                    .succeeded();
            List<JsonNode> ofFile = run.rows("filename", "slow-file");
            assertThat(ofFile)
                    .filteredOn(r -> r.path("t").asText().equals("W"))
                    .hasSize(8)
                    .allMatch(r -> r.path("bytes").asInt() == 4096);
            assertThat(ofFile)
                    .filteredOn(r ->
                            r.path("t").asText().equals("R") && r.path("bytes").asInt() == 4096)
                    .extracting(r -> r.path("off_kb").asInt())
                    .containsExactly(0, 4, 8, 12, 16, 20, 24, 28);
            assertThat(ofFile).filteredOn(r -> r.path("t").asText().equals("S")).hasSize(1);
            assertThat(ofFile).filteredOn(r -> r.path("t").asText().equals("O")).hasSize(2);
            assertThat(ofFile)
                    .allMatch(r -> r.path("comm").asText().equals("dd")
                            && r.path("lat_ms").asDouble() > 0);
        }
    }

    @Test
    void ext4slowerSeesEachOperation() throws Exception {
        slower("ext4slower", "ext4", 16 << 20);
    }

    @Test
    void xfsslowerSeesEachOperation() throws Exception {
        slower("xfsslower", "xfs", 320 << 20);
    }

    @Test
    void btrfsslowerSeesEachOperation() throws Exception {
        slower("btrfsslower", "btrfs", 128 << 20);
    }

    @Test
    void nfsslowerSaysThatThereIsNoNfs() {
        assertThat(ToolRun.of("nfsslower").refusal())
                .contains(" has no way to see reads of NFS: ")
                .contains("nfs_file_read");
    }

    @Test
    void cachestatTellsHitsFromMisses() throws Exception {
        boolean guest = System.getProperty("bcc4j.guest") != null;
        try (MountedFolder own = guest ? MountedFolder.loop("ext4", 64 << 20) : MountedFolder.tmpfs(1 << 20)) {
            Path home = guest ? own.path() : Path.of("").toAbsolutePath();
            Path file = home.resolve("cachestat-test");
            Workloads.run("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=16", "conv=fsync", "status=none");
            ToolRun missing = ToolRun.beside(
                            () -> {
                                Workloads.run(
                                        "dd",
                                        "of=" + file,
                                        "oflag=nocache",
                                        "conv=notrunc,fdatasync",
                                        "count=0",
                                        "status=none");
                                Workloads.run("dd", "if=" + file, "of=/dev/null", "bs=64k", "status=none");
                            },
                            "cachestat",
                            "600",
                            "--json")
                    .succeeded();
            ToolRun there = ToolRun.beside(
                            () -> Workloads.run("dd", "if=" + file, "of=/dev/null", "bs=64k", "status=none"),
                            "cachestat",
                            "600",
                            "--json")
                    .succeeded();
            Files.delete(file);
            assertThat(missing.rows()).singleElement().satisfies(r -> {
                assertThat(r.path("misses").asLong())
                        .isBetween(4096L, 9000L); // 16 MB, and what the programs are read from
                assertThat(r.path("hitratio").asDouble()).isLessThan(90);
            });
            assertThat(there.rows()).singleElement().satisfies(r -> {
                assertThat(r.path("hits").asLong()).isGreaterThanOrEqualTo(3500);
                assertThat(r.path("misses").asLong()).isLessThan(2000);
            });
        }
    }

    @Test
    void statsnoopSeesWhatIsAskedForAndWhatIsNotThere() throws Exception {
        Path file = Files.writeString(folder.resolve("stat-this"), "x");
        Path gone = folder.resolve("stat-gone");
        ToolRun run = ToolRun.beside(
                        () -> Workloads.run("sh", "-c", "stat -c %s " + file + " " + gone + " 2>/dev/null; :"),
                        "statsnoop",
                        "--json")
                .succeeded();
        assertThat(run.rows("path", file.toString()))
                .isNotEmpty()
                .allMatch(r -> r.path("err").asInt() == 0);
        assertThat(run.rows("path", gone.toString()))
                .isNotEmpty()
                .allMatch(r -> r.path("err").asInt() == 2);
    }

    @Test
    void mountsnoopSeesAMountAndItsEnd() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        ToolRun run = ToolRun.beside(
                        () -> {
                            Workloads.run("mount", "-t", "tmpfs", "-o", "size=64k,ro", "some-source", place.toString());
                            Workloads.run("umount", place.toString());
                        },
                        "mountsnoop",
                        "--json")
                .succeeded();
        String own =
                Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString().replaceAll("\\D", "");
        List<JsonNode> calls = run.rows("target", place.toString());
        assertThat(calls).extracting(r -> r.path("call").asText()).contains("mount", "umount");
        assertThat(calls)
                .filteredOn(r -> r.path("call").asText().equals("mount"))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.path("source").asText()).isEqualTo("some-source");
                    assertThat(r.path("fs").asText()).isEqualTo("tmpfs");
                    assertThat(r.path("data").asText()).isEqualTo("size=64k");
                    assertThat(r.path("flags").asInt()).isOne(); // MS_RDONLY
                    assertThat(r.path("ret").asInt()).isZero();
                    assertThat(r.path("mnt_ns").asText()).isEqualTo(own);
                });
    }
}

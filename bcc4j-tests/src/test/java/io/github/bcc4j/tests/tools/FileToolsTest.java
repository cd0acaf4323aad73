package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.MountedFolder;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.kernel.Features;
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
}

package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.MountedFolder;
import io.github.bcc4j.tests.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tools for block devices, beside direct writes of known number and size to a disk: in guests a loop device's. */
@OnKernels({"here", "6.1", "6.12"})
@Tag("vm")
public class BlockToolsTest {
    private static final int WRITES = 16;
    private static final int BYTES = 65536;

    private static MountedFolder mounted;
    private static Path file;
    private static String disk;

    @BeforeAll
    static void aDisk() throws Exception {
        Path folder = Path.of("").toAbsolutePath();
        if (System.getProperty("bcc4j.guest") != null) {
            mounted = MountedFolder.loop("ext4", 64 << 20);
            folder = mounted.path();
        }
        file = folder.resolve("block-tools-test");
        String device = Workloads.run("stat", "-c", "%Hd:%Ld", folder.toString())
                .lines()
                .getFirst();
        disk = Files.readAllLines(Path.of("/sys/dev/block", device, "uevent")).stream()
                .filter(l -> l.startsWith("DEVNAME="))
                .map(l -> l.substring(8))
                .findFirst()
                .orElseThrow();
    }

    @AfterAll
    static void gone() throws Exception {
        Files.deleteIfExists(file);
        if (mounted != null) {
            mounted.close();
        }
    }

    /** Sixteen writes of 64 KiB each, one after the other; the process that makes them. */
    private static long writes() {
        return Workloads.run(
                        "dd",
                        "if=/dev/zero",
                        "of=" + file,
                        "bs=" + BYTES,
                        "count=" + WRITES,
                        "oflag=direct",
                        "status=none")
                .pid();
    }

    private static List<JsonNode> ofDd(ToolRun run) {
        return run.rows()
                .filter(r ->
                        r.path("comm").asText().equals("dd") && r.path("bytes").asInt() == BYTES)
                .toList();
    }

    @Test
    void biosnoopSeesEachWrite() {
        AtomicLong pid = new AtomicLong();
        ToolRun run = ToolRun.beside(() -> pid.set(writes()), "biosnoop", "-Q", "-d", disk, "--json")
                .succeeded();
        // A loop device's requests are issued by a kernel thread where the writer has not waited for it.
        List<JsonNode> writes = run.rows()
                .filter(r ->
                        r.path("bytes").asInt() == BYTES && r.path("t").asText().equals("W"))
                .toList();
        assertThat(writes).hasSizeGreaterThanOrEqualTo(WRITES).allSatisfy(r -> {
            assertThat(r.path("disk").asText()).isEqualTo(disk);
            assertThat(r.path("lat_ms").asDouble()).isPositive();
            assertThat(r.path("que_ms").asDouble()).isNotNegative();
        });
        assertThat(writes).filteredOn(r -> r.path("pid").asLong() == pid.get()).hasSize(WRITES);
        assertThat(writes).extracting(r -> r.path("sector").asLong()).doesNotHaveDuplicates();
    }

    @Test
    void biolatencyCountsEachWriteOnce() {
        ToolRun run = ToolRun.beside(BlockToolsTest::writes, "biolatency", "-d", disk, "-D", "-F", "-e", "--json")
                .succeeded();
        List<JsonNode> writes = run.rows()
                .filter(r -> r.path("flags").asText().matches("(Sync-)?Write|Sync-.*-Write"))
                .toList();
        assertThat(writes).allSatisfy(r -> {
            assertThat(r.path("disk").asText()).isEqualTo(disk);
            assertThat(r.path("unit").asText()).isEqualTo("usecs");
            assertThat(ToolRun.count(r, 0, Long.MAX_VALUE))
                    .isEqualTo(r.path("count").asLong());
            assertThat(r.path("total").asLong())
                    .isGreaterThanOrEqualTo(r.path("avg").asLong());
        });
        long count = writes.stream().mapToLong(r -> r.path("count").asLong()).sum();
        assertThat(count).isBetween((long) WRITES, WRITES + 20L); // and what the file system writes
    }

    @Test
    void biolatencySaysWhichDiskThereIsNot() {
        assertThat(ToolRun.of("biolatency", "-d", "nosuch").refusal())
                .isEqualTo("biolatency: there is no block device nosuch");
        assertThat(ToolRun.of("biolatency", "-d", "a;b").refusal())
                .isEqualTo("biolatency: not the name of a block device: \"a;b\"");
    }

    @Test
    void biotopSumsWhatAProcessWrote() {
        AtomicLong pid = new AtomicLong();
        ToolRun run = ToolRun.beside(() -> pid.set(writes()), "biotop", "-C", "600", "--json")
                .succeeded();
        assertThat(run.rows("pid", String.valueOf(pid.get())))
                .filteredOn(r -> r.path("d").asText().equals("W"))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.path("comm").asText()).isEqualTo("dd");
                    assertThat(r.path("disk").asText()).isEqualTo(disk);
                    assertThat(r.path("i_o").asInt()).isGreaterThanOrEqualTo(WRITES);
                    assertThat(r.path("kbytes").asInt()).isBetween(WRITES * 64, WRITES * 64 + 64);
                    assertThat(r.path("avgms").asDouble()).isPositive();
                });
    }

    @Test
    void bitesizeCountsSizesByName() {
        ToolRun run =
                ToolRun.beside(BlockToolsTest::writes, "bitesize", "--json").succeeded();
        JsonNode dd = run.rows("process name", "dd").getFirst();
        assertThat(ToolRun.count(dd, 64, 127)).isGreaterThanOrEqualTo(WRITES);
        assertThat(ToolRun.count(dd, 128, Long.MAX_VALUE)).isZero();
    }
}

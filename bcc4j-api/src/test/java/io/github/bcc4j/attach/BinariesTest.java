package io.github.bcc4j.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.elf.TinyElf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where programs and libraries are found, in folders that stand for a machine and a process in a container. */
class BinariesTest {
    private static final int HERE = System.getProperty("os.arch").equals("aarch64") ? 183 : 62;
    private static final int ELSEWHERE = 8;

    @TempDir
    Path machine;

    private void library(String path, int processor) throws IOException {
        Path file = machine.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, new TinyElf(true, processor).build());
    }

    /** A cache of the dynamic linker: a header, entries of 24 bytes, and the strings they point to. */
    private static byte[] cache(String... namesAndPaths) {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        int count = namesAndPaths.length / 2;
        int start = 48 + 24 * count;
        for (int i = 0; i < count; i++) {
            int name = start + strings.size();
            strings.writeBytes(TinyElf.bytes(namesAndPaths[2 * i]));
            int path = start + strings.size();
            strings.writeBytes(TinyElf.bytes(namesAndPaths[2 * i + 1]));
            entries.writeBytes(TinyElf.bytes(0x303, name, path, 0, 0L));
        }
        byte[] magic = Arrays.copyOf(TinyElf.bytes("glibc-ld.so.cache1.1"), 20);
        return TinyElf.bytes(magic, count, strings.size(), new byte[20], entries.toByteArray(), strings.toByteArray());
    }

    private void cached(String root, byte[] content) throws IOException {
        Path file = machine.resolve(root + "etc/ld.so.cache");
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private String find(String name, OptionalInt pid) {
        return machine.relativize(Binaries.find(name, pid, machine)).toString();
    }

    @Test
    void librariesAreThoseOfTheLinkersCacheForThisProcessor() throws IOException {
        cached(
                "",
                cache("libz.so.1", "/opt/other/libz.so.1", "libz.so.1", "/opt/libz.so.1", "libzz.so", "/opt/libzz.so"));
        library("opt/other/libz.so.1", ELSEWHERE);
        library("opt/libz.so.1", HERE);
        library("opt/libzz.so", HERE);
        for (String name : List.of("z", "libz", "libz.so.1", "z.so.1")) {
            assertThat(find(name, OptionalInt.empty())).isEqualTo("opt/libz.so.1");
        }
    }

    @Test
    void withoutACacheTheUsualFoldersAreSearched() throws IOException {
        library("usr/lib/libmusl.so.1.2", HERE);
        assertThat(find("musl", OptionalInt.empty())).isEqualTo("usr/lib/libmusl.so.1.2");
    }

    @Test
    void aProcessIsAskedForWhatItHasLoadedFirst() throws IOException {
        library("proc/7/root/app/libz.so.9", HERE);
        library("proc/7/root/lib/libz.so.1", HERE);
        library("proc/7/root/lib/liby.so.1", HERE);
        Files.writeString(machine.resolve("proc/7/maps"), """
                5580-5590 r--p 00000000 08:01 1 /app/with space
                5590-55a0 r-xp 00001000 08:01 1 /app/with space
                7f00-7f10 r-xp 00000000 08:01 2                  /app/libz.so.9
                7f10-7f20 r-xp 00000000 08:01 3                  /app/libz.so.8 (deleted)
                7f30-7f40 r-xp 00000000 00:00 0                  [vdso]
                """);
        assertThat(find("z", OptionalInt.of(7))).isEqualTo("proc/7/root/app/libz.so.9");
        assertThat(find("y", OptionalInt.of(7))).isEqualTo("proc/7/root/lib/liby.so.1");
        assertThat(find("/app/libz.so.9", OptionalInt.of(7))).isEqualTo("proc/7/root/app/libz.so.9");
        assertThat(Binaries.mappedFiles(machine.resolve("proc/7/maps")))
                .containsExactly("/app/with space", "/app/libz.so.9");
    }

    @Test
    void whatIsNotThereSaysWhereItWasLookedFor() {
        assertThatThrownBy(() -> Binaries.find("nosuch", OptionalInt.empty(), machine))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("there is no library or command \"nosuch\"")
                .hasMessageContaining("looked in " + machine.resolve("etc/ld.so.cache"));
        assertThatThrownBy(() -> Binaries.find("z", OptionalInt.of(8), machine))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("can't look for z in process 8")
                .hasMessageContaining("there is no such process");
    }

    @Test
    void aDamagedCacheIsNoCache() throws IOException {
        byte[] whole = cache("libz.so.1", "/opt/libz.so.1", "liby.so", "/opt/liby.so");
        assertThat(LibraryCache.parse(whole)).hasSize(2);
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = whole.clone();
            damaged[20 + random.nextInt(damaged.length - 20)] = (byte) random.nextInt();
            cached("", Arrays.copyOf(damaged, damaged.length - random.nextInt(3)));
            assertThat(LibraryCache.read(machine)).hasSizeLessThanOrEqualTo(2);
        }
    }
}

package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpioTest {
    @Test
    void anotherProgramReadsTheArchiveBack(@TempDir Path directory) throws Exception {
        byte[] odd = {1, 2, 0, -1, 5};
        Path archive = directory.resolve("archive");
        Files.write(
                archive,
                new Cpio()
                        .directory("bin")
                        .program("bin/run", "#!/bin/sh\n".getBytes())
                        .file("bin/odd", odd)
                        .file("empty", new byte[0])
                        .finish());
        Path busybox = HostProgram.require("busybox", "read an archive", "busybox-static");

        HostProgram.Outcome outcome =
                HostProgram.run(true, directory, busybox, List.of("cpio", "-i", "-F", archive.toString()));

        assertThat(outcome.text()).isEqualTo("2 blocks\n");
        assertThat(outcome.status()).isZero();
        assertThat(directory.resolve("bin/odd")).hasBinaryContent(odd);
        assertThat(directory.resolve("empty")).isEmptyFile();
        assertThat(directory.resolve("bin/run")).hasContent("#!/bin/sh\n").isExecutable();
        assertThat(Files.isExecutable(directory.resolve("empty"))).isFalse();
    }
}

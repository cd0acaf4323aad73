package io.github.bcc4j.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryVersionTest {
    @ParameterizedTest
    @CsvSource({
        "libbcc.so.0.26.0, 0.26.0",
        "libbcc_bpf.so.0.31.0, 0.31.0",
        "libbpf.so.1.7.0, 1.7.0",
        "libbcc.so.0.25, 0.25.0",
        "libbcc.so.10.0.2.1, 10.0.2",
        "libbcc.so.0, ",
        "libbcc.so, ",
        "libbcc-0.26.so, ",
        "libbcc.so.0.99999999999, "
    })
    void theFileNameTellsIt(String file, String version) {
        assertThat(LibraryVersion.of(Path.of("/usr/lib", file)).map(LibraryVersion::toString))
                .isEqualTo(java.util.Optional.ofNullable(version));
    }

    @Test
    void orderIsByNumber() {
        LibraryVersion v = new LibraryVersion(0, 25, 0);
        assertThat(v)
                .isEqualByComparingTo(new LibraryVersion(0, 25, 0))
                .isGreaterThan(new LibraryVersion(0, 9, 9))
                .isLessThan(new LibraryVersion(0, 25, 1))
                .isLessThan(new LibraryVersion(1, 0, 0));
    }
}

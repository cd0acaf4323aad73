package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourcesTest {
    @TempDir
    Path etcApt;

    private AptSources read(String name, String text) throws Exception {
        Path file = etcApt.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return AptSources.read(etcApt);
    }

    @Test
    void oneLineFormat() throws Exception {
        AptSources sources = read("sources.list", """
                # deb http://commented.example/debian bookworm main
                deb [arch=amd64 signed-by=/etc/keys/a.asc] http://mirror.example/debian/ bookworm main contrib # ours
                deb-src http://source.example/debian bookworm main
                deb http://security.example/debian-security bookworm-security main
                """);

        assertThat(sources.kernelSuites()).isEqualTo("""
                Types: deb
                URIs: http://mirror.example/debian/
                Suites: bookworm trixie trixie-backports
                Components: main
                Targets: Packages
                Signed-By: /etc/keys/a.asc

                Types: deb
                URIs: http://mirror.example/debian/
                Suites: sid
                Components: main
                Targets: Packages
                Check-Valid-Until: no
                Signed-By: /etc/keys/a.asc

                Types: deb
                URIs: http://security.example/debian-security
                Suites: bookworm-security trixie-security
                Components: main
                Targets: Packages

                """);
    }

    @Test
    void stanzaFormatWithAKeyBlockAndADisabledStanza() throws Exception {
        AptSources sources = read("sources.list.d/debian.sources", """
                Enabled: no
                Types: deb
                URIs: http://off.example/debian
                Suites: trixie
                Components: main

                Types: deb deb-src
                # a comment
                URIs: http://on.example/debian
                Suites: trixie trixie-updates
                Components: main
                Trusted: yes
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 abc
                 -----END PGP PUBLIC KEY BLOCK-----
                """);

        AptSources.Source debian = sources.debian().orElseThrow();
        assertThat(debian.uri()).isEqualTo("http://on.example/debian");
        assertThat(debian.suites()).containsExactly("trixie", "trixie-updates");
        assertThat(debian.signedBy())
                .isEqualTo("\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n -----END PGP PUBLIC KEY BLOCK-----");
        assertThat(debian.trusted()).isTrue();
        assertThat(sources.security()).isEmpty();
    }

    @Test
    void archivesOfOthersAreNotDebian() throws Exception {
        read("sources.list.d/a.list", "deb https://vendor.example/packages bookworm main\n");
        read("sources.list.d/b.list", "deb https://engine.example/linux/debian bookworm stable\n");
        AptSources sources = read("sources.list.d/c.list", "deb http://mirror.example/debian bookworm main\n");

        assertThat(sources.debian().orElseThrow().uri()).isEqualTo("http://mirror.example/debian");
    }

    @Test
    void aMirrorUnderAnotherPathIsTakenByItsSuite() throws Exception {
        AptSources sources = read("sources.list", "deb http://proxy.example/apt-12 bookworm main\n");

        assertThat(sources.debian().orElseThrow().uri()).isEqualTo("http://proxy.example/apt-12");
    }

    @Test
    void noMirrorNoSuites() throws Exception {
        assertThat(read("sources.list", "deb http://ubuntu.example/ubuntu noble main\n")
                        .kernelSuites())
                .isEmpty();
    }
}

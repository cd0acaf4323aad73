package io.github.bcc4j.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InstallHintTest {
    @Test
    void theDistributionsOwnCommand() {
        assertThat(InstallHint.of("NAME=\"Debian\"\nID=debian\n")).isEqualTo("Install bcc: apt-get install libbpfcc");
        assertThat(InstallHint.of("ID=fedora\nVERSION_ID=42\n")).isEqualTo("Install bcc: dnf install bcc");
        assertThat(InstallHint.of("ID=arch")).isEqualTo("Install bcc: pacman -S bcc");
    }

    @Test
    void orThatOfOneItIsLike() {
        assertThat(InstallHint.of("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"))
                .isEqualTo("Install bcc: dnf install bcc");
        assertThat(InstallHint.of("ID=linuxmint\nID_LIKE='ubuntu debian'\n"))
                .isEqualTo("Install bcc: apt-get install libbpfcc");
        assertThat(InstallHint.of("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n"))
                .isEqualTo("Install bcc: zypper install libbcc0");
    }

    @Test
    void elseWhatToLookFor() {
        assertThat(InstallHint.of("ID=plan9\nVERSION_ID=debian\n"))
                .isEqualTo("Install your distribution's package of bcc, with libbcc.so.0 and libbcc_bpf.so.0.");
        assertThat(InstallHint.of("")).isEqualTo(InstallHint.of("ID=plan9"));
    }
}

package io.github.bcc4j.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void names() {
        assertThat(Errno.name(Errno.EPERM)).isEqualTo("EPERM");
        assertThat(Errno.name(Errno.ENOTSUPP)).isEqualTo("ENOTSUPP");
        assertThat(Errno.name(999)).isEqualTo("errno 999");
    }

    @Test
    void descriptions() {
        assertThat(Errno.describe(Errno.E2BIG)).isEqualTo("E2BIG (Argument list too long)");
        assertThat(Errno.describe(Errno.EACCES)).isEqualTo("EACCES (Permission denied)");
        assertThat(Errno.describe(524)).isEqualTo("ENOTSUPP (Operation is not supported (kernel internal))");
        assertThat(Errno.describe(999)).isEqualTo("errno 999");
    }
}

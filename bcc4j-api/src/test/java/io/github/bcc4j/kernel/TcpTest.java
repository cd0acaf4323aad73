package io.github.bcc4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TcpTest {
    @Test
    void statesHaveTheKernelsNames() {
        assertThat(Tcp.state(1)).isEqualTo("ESTABLISHED");
        assertThat(Tcp.state(10)).isEqualTo("LISTEN");
        assertThat(Tcp.state(12)).isEqualTo("NEW_SYN_RECV");
        assertThat(Tcp.state(0)).isEqualTo("0");
        assertThat(Tcp.state(14)).isEqualTo("14");
        assertThat(Tcp.state(-1)).isEqualTo("-1");
    }

    @Test
    void flagsAreJoinedFromTheLowestBitOn() {
        assertThat(Tcp.flags(0x12)).isEqualTo("SYN|ACK");
        assertThat(Tcp.flags(0)).isEmpty();
        assertThat(Tcp.flags(0xff)).isEqualTo("FIN|SYN|RST|PSH|ACK|URG|ECE|CWR");
        assertThat(Tcp.flags(0x80)).isEqualTo("CWR");
    }
}

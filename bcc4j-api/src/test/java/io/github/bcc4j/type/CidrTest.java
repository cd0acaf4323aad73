package io.github.bcc4j.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "10.255.255.255/15, 10.254.0.0/15",
        "1.2.3.4, 1.2.3.4/32",
        "1.2.3.4/0, 0.0.0.0/0",
        "2001:db8:ffff::1/33, 2001:db8:8000:0:0:0:0:0/33",
        "::1, 0:0:0:0:0:0:0:1/128"
    })
    void theAddressIsCutToThePrefix(String text, String expected) {
        assertThat(Cidr.of(text)).hasToString(expected).isEqualTo(Cidr.of(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8/8", "", "/8", "example.org/8"})
    void whatIsNoBlockIsRefusedWithoutAskingAnyone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.of(text))
                .withMessage("not a block of addresses such as 10.0.0.0/8: " + text);
    }

    @Test
    void aPrefixIsNotLongerThanItsAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.of("10.0.0.0/33"))
                .withMessage("a prefix of 10.0.0.0 has 0 to 32 bits, not 33");
    }

    @Test
    void containsItsAddresses() throws Exception {
        Cidr block = Cidr.of("192.168.0.0/23");
        assertThat(block.contains(InetAddress.getByName("192.168.1.255"))).isTrue();
        assertThat(block.contains(InetAddress.getByName("192.168.2.0"))).isFalse();
        assertThat(block.contains(InetAddress.getByName("::1"))).isFalse();
    }
}

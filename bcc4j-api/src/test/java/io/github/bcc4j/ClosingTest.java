package io.github.bcc4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Closing many things side by side. */
@Tag("native")
class ClosingTest {
    @Test
    void anInterruptedThreadClosesAllDescriptors() {
        List<Fd> many = Stream.generate(() -> Fd.own(Linux.eventFd(), "one of many"))
                .limit(100)
                .toList();
        Thread.currentThread().interrupt();
        Closing.descriptors(many);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(many).allMatch(Fd::isClosed);
    }
}

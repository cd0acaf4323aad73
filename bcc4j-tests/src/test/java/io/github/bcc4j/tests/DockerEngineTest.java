package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DockerEngineTest {
    @Test
    void theLastLineSaysWhy() {
        assertThat(new DockerEngine.Said(1, "starting\nno rights\n").lastLine()).isEqualTo("no rights");
        assertThat(new DockerEngine.Said(1, " \n").lastLine()).isEqualTo("it said nothing");
    }

    @Test
    void aCommandIsRunToItsEnd() throws Exception {
        assertThat(DockerEngine.say(List.of("sh", "-c", "echo out; echo err >&2; exit 3")))
                .isEqualTo(new DockerEngine.Said(3, "out\nerr\n"));
    }
}

package io.github.bcc4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeldProcessTest {
    @Test
    void theCommandBeginsOnlyWhenReleasedAndKeepsItsId() throws Exception {
        ProcessBuilder command = new ProcessBuilder("sh", "-c", "echo $$ $WORD \"$1\"; cat", "sh", "a 'b\" $c");
        command.environment().put("WORD", "said");
        try (HeldProcess held = HeldProcess.start(command)) {
            Process process = held.release();
            assertThat(held.release()).isSameAs(process);
            process.getOutputStream().write("typed\n".getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(held.pid() + " said a 'b\" $c\ntyped\n");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void oneThatIsNeverReleasedEndsWithoutHavingBegun() throws Exception {
        ProcessHandle shell;
        try (HeldProcess held = HeldProcess.start(new ProcessBuilder("sleep", "1000"))) {
            shell = ProcessHandle.of(held.pid()).orElseThrow();
            assertThat(shell.info().command())
                    .hasValueSatisfying(c -> assertThat(c).doesNotEndWith("sleep"));
        }
        shell.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aCommandThatDoesNotExistEndsAsInAShell() throws Exception {
        try (HeldProcess held = HeldProcess.start(new ProcessBuilder("/no/such/command").redirectErrorStream(true))) {
            Process process = held.release();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("/no/such/command");
            assertThat(process.waitFor()).isEqualTo(127);
        }
    }

    @Test
    void aCommandHasWords() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeldProcess.start(new ProcessBuilder()))
                .withMessage("a command has at least one word");
    }
}

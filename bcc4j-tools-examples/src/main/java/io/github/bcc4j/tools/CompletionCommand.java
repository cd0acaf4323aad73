package io.github.bcc4j.tools;

import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** The script that makes a shell complete this program's commands and options. */
@Command(
        name = "completion",
        description = "Write a script for bash and zsh that completes commands and options.",
        footer = {"", "Example:", "  source <(./bcc4j completion)"})
final class CompletionCommand extends Subcommand {
    @Override
    protected void run(Session session) {
        print("%s", AutoComplete.bash("bcc4j", Main.commandLine(new Main(), Catalogue.names())));
    }
}

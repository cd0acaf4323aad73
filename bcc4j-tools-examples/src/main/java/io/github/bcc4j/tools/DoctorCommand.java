package io.github.bcc4j.tools;

import io.github.bcc4j.kernel.Doctor;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import picocli.CommandLine.Command;

/** Says what this machine can do, and how to make it do more. */
@Command(
        name = "doctor",
        description = "Say what this machine can do: kernel, types, headers, rights, libraries; and each fix.")
final class DoctorCommand extends Subcommand {
    @Override
    protected void run(Session session) {
        print("%s%n", Doctor.examine());
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.kernel.KernelTarget;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Describes the running kernel in a file, so that programs can be compiled for it elsewhere. */
@Command(
        name = "target",
        description = "Describe this kernel in a file: its release, types, configuration and tracepoints.",
        footer = {
            "",
            "Examples:",
            "  target -o web7.kernel                        # on the machine that will run the program",
            "  compile --target web7.kernel -o t.bcc4j t.c  # on the one that builds it"
        })
final class TargetCommand extends Subcommand {
    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "Where to write it: a zip file of about 2 MB.")
    private Path output;

    @Override
    protected void run(Session session) {
        KernelTarget kernel = KernelTarget.running();
        kernel.export(output);
        print(
                "%s: kernel %s, %s, %d modules%n",
                output,
                kernel.release(),
                kernel.btf().isPresent() ? "with its types" : "without types: it has no BTF",
                kernel.modules().size());
    }
}

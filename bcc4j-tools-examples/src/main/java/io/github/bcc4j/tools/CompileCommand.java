package io.github.bcc4j.tools;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.compile.ProgramSpec;
import io.github.bcc4j.kernel.KernelTarget;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compiles a C text to a file, for this kernel or another. */
@Command(
        name = "compile",
        description = "Compile a C text to a file that BPF.load(CompiledModule.read(file)) loads, without LLVM.",
        footer = {
            "",
            "Examples:",
            "  compile -o trace.bcc4j trace.c",
            "  compile -D MIN_US=100 --target other.kernel -o trace.bcc4j trace.c"
        })
final class CompileCommand extends Subcommand {
    @Parameters(paramLabel = "FILE.c", description = "The C text, in bcc's dialect.")
    private Path source;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "Where to write the compiled module.")
    private Path output;

    @Option(
            names = "--target",
            paramLabel = "FILE",
            description = "The kernel to compile for, as 'bcc4j target' describes it; by default the running one.")
    private Path target;

    @Option(names = "-D", paramLabel = "NAME[=VALUE]", description = "Define a macro.")
    private List<String> defines = List.of();

    @Option(names = "-I", paramLabel = "FOLDER", description = "Look for headers of your own there.")
    private List<Path> folders = List.of();

    @Override
    protected void run(Session session) throws Exception {
        List<String> flags = new ArrayList<>();
        defines.forEach(d -> flags.add("-D" + d));
        folders.forEach(f -> flags.add("-I" + f.toAbsolutePath()));
        CompilerOptions options = CompilerOptions.DEFAULT
                .withFlags(flags.toArray(String[]::new))
                .withSourceName(source.toAbsolutePath().toString());
        if (target != null) {
            options = options.withTarget(KernelTarget.open(target));
        }
        CompiledModule module = Compiler.compile(Files.readString(source), options);
        module.write(output);
        module.warnings().forEach(w -> warn(w.toString()));
        print("origin: %s%n", module.origin());
        print(
                "programs: %s%n",
                module.programs().stream().map(ProgramSpec::name).collect(Collectors.joining(", ")));
        print("maps: %s%n", module.maps().stream().map(MapSpec::name).collect(Collectors.joining(", ")));
        print(
                "fits: %s%n",
                module.kernel().release().isEmpty()
                        ? "any kernel"
                        : module.kernel().release()
                                + (module.kernel().exact()
                                        ? ", and any other with the same "
                                                + String.join(
                                                        ", ",
                                                        module.kernel()
                                                                .layouts()
                                                                .keySet())
                                        : " only"));
    }
}

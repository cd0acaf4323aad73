package io.github.bcc4j.tools;

import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.attach.UsdtProbe;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The tracepoints of the kernel, and the static probes of programs. */
@Command(
        name = "tplist",
        description = "List tracepoints of the kernel, or static probes of a program.",
        footer = {
            "",
            "Examples:",
            "  tplist                       # the kernel's tracepoints",
            "  tplist -v block:block_rq_*   # with their fields",
            "  tplist -l c                  # static probes of the C library",
            "  tplist -p 181                # of a process and its libraries"
        })
final class Tplist extends Tool {
    private static final Pattern FIELD = Pattern.compile("\tfield:([^;]+);");

    @Parameters(
            arity = "0..1",
            paramLabel = "FILTER",
            defaultValue = "*",
            description = "Names to list, in which * stands for anything.")
    private String filter;

    @Option(
            names = {"-p", "--pid"},
            description = "List the static probes of this process and its libraries.")
    private Integer pid;

    @Option(
            names = {"-l", "--lib"},
            description = "List the static probes of this program or library.")
    private String library;

    @Option(
            names = {"-v", "--verbosity"},
            description = "Show fields of tracepoints, places of static probes.")
    private boolean verbose;

    @Override
    protected void trace(Session session, Output out) {
        Pattern names = Pattern.compile(
                Stream.of(filter.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
        if (pid == null && library == null) {
            Rows<String> rows = new Rows<String>(out).column("TRACEPOINT", "%s ", t -> t);
            if (verbose) {
                rows.column("FIELDS", "%s", Tplist::fields);
            }
            Probes.tracepoints(Pattern.compile(".*")).stream()
                    .filter(t -> names.matcher(t).matches())
                    .sorted()
                    .forEach(rows::print);
            return;
        }
        Usdt usdt = library == null ? Usdt.ofProcess(pid) : pid == null ? Usdt.of(library) : Usdt.of(library, pid);
        Rows<UsdtProbe> rows = new Rows<UsdtProbe>(out)
                .column("BINARY", "%s ", p -> p.binary().toString())
                .column("PROBE", "%s ", p -> p.provider() + ":" + p.name())
                .column(verbose, "LOCATIONS", "%d", p -> p.locations().size());
        usdt.probes().stream()
                .filter(p -> names.matcher(p.provider() + ":" + p.name()).matches()
                        || names.matcher(p.name()).matches())
                .forEach(rows::print);
    }

    private static Object fields(String tracepoint) {
        String[] parts = tracepoint.split(":");
        Matcher fields = FIELD.matcher(Probes.tracepointFormat(parts[0], parts[1]));
        return fields.results()
                .map(f -> f.group(1))
                .filter(f -> !f.contains(" common_"))
                .collect(Collectors.toList());
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.compile.CompileCache;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Subcommand;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows or empties the compile cache. */
@Command(
        name = "cache",
        description = "Show the compiled programs that are kept, or delete them.",
        footer = {
            "",
            "Examples:",
            "  cache           # where it is, and what is in it",
            "  cache --clear   # everything is compiled anew the next time",
            "",
            "BCC4J_COMPILE_CACHE=FOLDER puts it elsewhere; BCC4J_COMPILE_CACHE=off does without."
        })
final class CacheCommand extends Subcommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    @Option(names = "--clear", description = "Delete all of them.")
    private boolean clear;

    @Override
    protected void run(Session session) {
        CompileCache cache = CompileCache.standard();
        Optional<Path> folder = cache.folder();
        if (folder.isEmpty()) {
            print("the compile cache is off%n");
        } else if (clear) {
            print("%s: %d deleted%n", folder.get(), cache.clear());
        } else {
            List<CompileCache.Entry> entries = cache.entries();
            long bytes = entries.stream().mapToLong(CompileCache.Entry::bytes).sum();
            print("%s: %d programs, %d KB%n", folder.get(), entries.size(), (bytes + 1023) / 1024);
            if (!entries.isEmpty()) {
                print("%-16s  %8s  %s%n", "LAST USED", "BYTES", "FILE");
            }
            for (CompileCache.Entry entry : entries) {
                print(
                        "%-16s  %8d  %s%n",
                        TIME.format(entry.lastUsed()),
                        entry.bytes(),
                        entry.file().getFileName());
            }
        }
    }
}

package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.tools.cli.Hook;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How often the page cache has what is asked for. */
@Command(
        name = "cachestat",
        description = "Count hits and misses of the page cache.",
        footer = {
            "",
            "Examples:",
            "  cachestat          # each second",
            "  cachestat -T 5 3   # every five seconds, three times, with the time"
        })
final class Cachestat extends Tool {
    @Mixin
    private Intervals intervals;

    @Option(
            names = {"-T", "--timestamp"},
            description = "Print the time of day.")
    private boolean timestamp;

    /**
     * An interval: pages that were asked for and there; read into the cache; dirtied.
     */
    private record Pages(long hits, long misses, long dirties) {
        /** What is added to be written is no miss. Large folios are counted as their pages. */
        static Pages of(long accessed, long added, long dirtied, long buffers) {
            long misses = Math.max(0, added - dirtied);
            long total = Math.max(accessed - buffers, misses);
            return new Pages(total - misses, misses, dirtied);
        }

        double ratio() {
            return hits + misses == 0 ? 0 : 100.0 * hits / (hits + misses);
        }
    }

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        intervals.orElse(1);
        Rows<Pages> rows = new Rows<Pages>(out)
                .column(timestamp, "TIME", "%-8s ", p -> Intervals.clock())
                .column("HITS", "%8d ", Pages::hits)
                .column("MISSES", "%8d ", Pages::misses)
                .column("DIRTIES", "%8d ", Pages::dirties)
                .column("HITRATIO", "%7.2f%% ", Pages::ratio)
                .column("BUFFERS_MB", "%12d ", p -> megabytes("Buffers"))
                .column("CACHED_MB", "%10d", p -> megabytes("Cached"));
        boolean orders = Probes.tracepointFormat("filemap", "mm_filemap_add_to_page_cache")
                .contains(" order;");
        try (BPF bpf = program()
                .via(Hook.PAGE_ACCESSED, "accessed")
                .viaIfPossible(Hook.BUFFER_DIRTIED, "buffer_dirtied")
                .defineIf("HAS_ORDER", orders)
                .defineIfMember("HAS__NR_PAGES", "folio", "_nr_pages")
                .defineIfMember("HAS__FOLIO_NR_PAGES", "folio", "_folio_nr_pages")
                .load()) {
            BpfArray<List<Long>> pages = bpf.perCpuArray("pages", Long.class);
            rows.header();
            session.ready();
            long[] before = new long[4];
            while (intervals.next(session)) {
                long[] now = pages.values().stream()
                        .mapToLong(
                                cpus -> cpus.stream().mapToLong(Long::longValue).sum())
                        .toArray();
                rows.print(Pages.of(now[0] - before[0], now[1] - before[1], now[2] - before[2], now[3] - before[3]));
                before = now;
            }
        }
    }

    private static long megabytes(String what) {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(l -> l.startsWith(what + ":"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}

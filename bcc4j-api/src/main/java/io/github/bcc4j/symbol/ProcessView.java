package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What tells one state of a process from another, as far as symbols go. Reads /proc anew in every call. */
final class ProcessView {
    private final int pid;
    private final Path folder;
    /** Clock ticks since boot: tells the process from a later one of the same number. */
    private final String startTime;

    ProcessView(int pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException("no process has the number " + pid);
        }
        this.pid = pid;
        this.folder = Path.of("/proc", Integer.toString(pid));
        this.startTime = startTime();
        try {
            Files.readString(folder.resolve("maps"), StandardCharsets.ISO_8859_1);
        } catch (AccessDeniedException e) {
            throw new BpfException(
                    "may not look at the memory map of process " + pid,
                    "be its user, or root, or have CAP_SYS_PTRACE",
                    e);
        } catch (NoSuchFileException e) {
            throw new BpfException("there is no process " + pid, null, e);
        } catch (IOException e) {
            throw new BpfException("can't read " + folder.resolve("maps"), null, e);
        }
    }

    private String startTime() {
        String stat = Proc.text(folder.resolve("stat"));
        String[] behindName = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return behindName.length > 19 ? behindName[19] : "";
    }

    /** What it has mapped as code, and what is known of its perf maps. */
    record State(List<Mapping> code, List<String> perfMaps) {}

    /**
     * The files it has mapped as code, where, and the state of its perf maps; empty if it is gone, for a zombie too, since nothing can
     * be read from it any more.
     */
    Optional<State> state() {
        List<Mapping> all = mappings();
        if (all.isEmpty() || !startTime().equals(startTime)) {
            return Optional.empty();
        }
        List<Mapping> code =
                all.stream().filter(m -> m.executable() && !m.path().isEmpty()).toList();
        return Optional.of(new State(code, perfMaps().map(ProcessView::stamp).toList()));
    }

    List<Mapping> mappings() {
        return Mapping.parse(Proc.text(folder.resolve("maps")));
    }

    /** A file as the process sees it. */
    Path inside(String path) {
        return folder.resolve("root" + path);
    }

    /** Where run-time compilers put their names: inside of its own root folder under its own number there, or outside. */
    private Stream<Path> perfMaps() {
        return Stream.of(
                folder.resolve("root/tmp/perf-" + numberInside() + ".map"), Path.of("/tmp/perf-" + pid + ".map"));
    }

    /** Its number in the innermost namespace. */
    String numberInside() {
        return status("NStgid:").orElse(Integer.toString(pid));
    }

    /** Whether it has a handler for a signal. */
    boolean catches(int signal) {
        return status("SigCgt:")
                        .map(mask -> Long.parseUnsignedLong(mask, 16) >>> (signal - 1) & 1)
                        .orElse(0L)
                == 1;
    }

    boolean isStartedWith(String argument) {
        return List.of(Proc.text(folder.resolve("cmdline")).split("\0")).contains(argument);
    }

    /** The last word of a line. */
    private Optional<String> status(String start) {
        return Proc.text(folder.resolve("status"))
                .lines()
                .filter(l -> l.startsWith(start))
                .map(l -> l.substring(l.lastIndexOf('\t') + 1))
                .findFirst();
    }

    private static String stamp(Path file) {
        try {
            return Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return "-";
        }
    }
}

package io.github.bcc4j.kernel;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.table.BpfTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something of BPF or of tracing that this process holds in the kernel, as its own descriptors show in {@code /proc/self}. What was taken
 * before and after a piece of work tells what that has left behind.
 *
 * @param kind what it is
 * @param id the kernel's number for it, 0 for what has none: perf events, event polls and named probes
 * @param name its name in the kernel, of which that keeps 15 bytes; empty if it has none
 * @param detail what else is known: the type, the place
 */
public record KernelObject(Kind kind, int id, String name, String detail) {
    /** What there is to hold. */
    public enum Kind {
        /** A loaded program. */
        PROGRAM,
        /** A map. */
        MAP,
        /** An attachment that is a BPF link. */
        LINK,
        /** Type information. */
        TYPES,
        /** A probe, a tracepoint, a counter, or one CPU's ring of a perf buffer. */
        PERF_EVENT,
        /** What waits for perf events or ring buffers: an open buffer of events. */
        EVENT_POLL,
        /** An iterator, or something else that the BPF of newer kernels has. */
        OTHER,
        /** A probe that this process has defined in tracefs. */
        NAMED_PROBE
    }

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int INFO_SIZE = 192;
    private static final int MAP_NAME = 24;
    private static final int PROGRAM_NAME = 64;
    private static final int NAME_SIZE = 16;

    /**
     * What this process holds now. Other threads may change it meanwhile.
     *
     * @return each descriptor's object, one that several descriptors are open on as often; then named probes
     */
    public static List<KernelObject> ofThisProcess() {
        Map<Integer, String> links = links();
        List<KernelObject> held = new ArrayList<>();
        links.forEach((fd, link) -> {
            if (!link.startsWith("anon_inode:")) {
                return; // a file, whatever its name
            }
            Map<String, String> info = info(fd);
            switch (link) {
                case "anon_inode:bpf-prog" ->
                    held.add(new KernelObject(
                            Kind.PROGRAM,
                            number(info, "prog_id"),
                            name(fd, PROGRAM_NAME),
                            programType(number(info, "prog_type"))));
                case "anon_inode:bpf-map" ->
                    held.add(new KernelObject(
                            Kind.MAP,
                            number(info, "map_id"),
                            name(fd, MAP_NAME),
                            BpfTable.typeName(number(info, "map_type"))));
                case "anon_inode:bpf_link" -> held.add(link(info));
                case "anon_inode:btf" -> held.add(new KernelObject(Kind.TYPES, number(info, "btf_id"), "", "BTF"));
                case "anon_inode:[perf_event]" -> held.add(new KernelObject(Kind.PERF_EVENT, 0, "", ""));
                case "anon_inode:[eventpoll]" -> {
                    if (waitsForEvents(fd, links)) {
                        held.add(new KernelObject(Kind.EVENT_POLL, 0, "", ""));
                    }
                }
                default -> {
                    if (link.contains("bpf")) {
                        held.add(new KernelObject(Kind.OTHER, 0, "", link));
                    }
                }
            }
        });
        namedProbes(held);
        return held;
    }

    /** By its name where the kernel has one type for what is one kind of place here. */
    private static String programType(int number) {
        return Arrays.stream(ProgramType.values())
                .filter(t -> t.number() == number && t.attachType() == 0 && t != ProgramType.CGROUP_INGRESS)
                .findFirst()
                .map(ProgramType::toString)
                .orElse("type " + number);
    }

    /** A link has no name; where it is and whose program it runs is told by lines that its kind has of its own. */
    private static KernelObject link(Map<String, String> info) {
        String place = Stream.of(
                        "tp_name",
                        "func",
                        "addr",
                        "path",
                        "offset",
                        "ifindex",
                        "cgroup_id",
                        "attach_type",
                        "target_name")
                .filter(info::containsKey)
                .map(key -> " " + key + " " + info.get(key))
                .collect(Collectors.joining());
        return new KernelObject(
                Kind.LINK,
                number(info, "link_id"),
                "",
                info.getOrDefault("link_type", "") + place + " of program id " + info.get("prog_id"));
    }

    private static Map<Integer, String> links() {
        Map<Integer, String> links = new TreeMap<>();
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            for (Path fd : (Iterable<Path>) all::iterator) {
                try {
                    links.put(
                            Integer.valueOf(fd.getFileName().toString()),
                            Files.readSymbolicLink(fd).toString());
                } catch (IOException e) {
                    // closed in between
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return links;
    }

    private static List<String> infoLines(int fd) {
        try {
            return Files.readAllLines(Path.of("/proc/self/fdinfo", String.valueOf(fd)));
        } catch (IOException e) {
            return List.of(); // closed in between
        }
    }

    private static Map<String, String> info(int fd) {
        Map<String, String> info = new HashMap<>();
        for (String line : infoLines(fd)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                info.putIfAbsent(
                        line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return info;
    }

    private static int number(Map<String, String> info, String key) {
        return Integer.parseInt(info.getOrDefault(key, "0"));
    }

    private static String name(int fd, int offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_SIZE, 8);
            return Bpf.info(fd, info) < 0 ? "" : info.asSlice(offset, NAME_SIZE).getString(0);
        }
    }

    /** The JDK polls for itself, too. */
    private static boolean waitsForEvents(int poll, Map<Integer, String> links) {
        return infoLines(poll).stream()
                .filter(l -> l.startsWith("tfd:"))
                .map(l -> links.getOrDefault(
                        Integer.valueOf(l.substring(4).strip().split("\\s+")[0]), ""))
                .anyMatch(l -> l.contains("bpf") || l.contains("perf_event"));
    }

    private static void namedProbes(List<KernelObject> held) {
        String mine = "bcc4j_" + ProcessHandle.current().pid() + "/";
        for (String file : List.of("kprobe_events", "uprobe_events")) {
            try (Stream<String> lines = Files.lines(Probes.tracefs().resolve(file))) {
                lines.filter(l -> l.contains(":" + mine))
                        .map(l -> new KernelObject(Kind.NAMED_PROBE, 0, l.substring(l.indexOf(mine)), file))
                        .forEach(held::add);
            } catch (IOException | UncheckedIOException | BpfException e) {
                // No tracefs, or none that this process may read: then it has defined nothing there.
            }
        }
    }

    @Override
    public String toString() {
        String what = switch (kind) {
            case PROGRAM -> "program";
            case MAP -> "map";
            case LINK -> "link";
            case TYPES -> "type information";
            case PERF_EVENT -> "perf event (a probe, a tracepoint, a counter, or a CPU's ring of a perf buffer)";
            case EVENT_POLL -> "open buffer of events";
            case OTHER -> "descriptor";
            case NAMED_PROBE -> "named probe";
        };
        return what
                + (name.isEmpty() ? "" : " \"" + name + '"')
                + (id == 0 ? "" : " (id " + id + (detail.isEmpty() ? "" : ", " + detail) + ")")
                + (id == 0 && !detail.isEmpty() ? " (" + detail + ")" : "");
    }
}

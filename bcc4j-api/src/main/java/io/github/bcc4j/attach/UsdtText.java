package io.github.bcc4j.attach;

import io.github.bcc4j.UnsupportedByKernelException;
import io.github.bcc4j.attach.Usdt.Attachment;
import io.github.bcc4j.attach.Usdt.Enabled;
import io.github.bcc4j.attach.UsdtArgument.Unreadable;
import io.github.bcc4j.attach.UsdtProbe.Location;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.kernel.KernelVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the C functions by which programs read the arguments of static probes. libbcc makes {@code _bpf_readarg_FUNCTION_N(ctx, to, size)} of a
 * call in the user's text; that is a macro here, which checks what can be checked while compiling, around a function.
 *
 * <p>Where the locations of a function differ in where the argument lies, the instruction pointer tells them apart: its place in its page, which is
 * known wherever the binary was placed. If two have the same place they get cookies instead.
 */
final class UsdtText {
    private static final int MOST_ARGUMENTS = 12; // that sys/sdt.h has macros for

    /** A location of a probe that is enabled for a function, with the reader of its operands and its cookie. */
    private record Spot(UsdtProbe probe, Location location, UsdtReader reader, long cookie) {
        UsdtArgument argument(int n) {
            return location.arguments().get(n);
        }

        String code(int n) {
            return reader.code(argument(n), location.address());
        }
    }

    private final Map<String, List<Spot>> functions = new LinkedHashMap<>();
    private final List<Attachment> attachments = new ArrayList<>();

    UsdtText(Usdt... all) {
        Map<Path, UsdtReader> readers = new LinkedHashMap<>();
        List<Enabled> enabled = new ArrayList<>();
        for (Usdt usdt : all) {
            enabled.addAll(usdt.enabled());
        }
        for (Enabled e : enabled) {
            List<Spot> spots = functions.computeIfAbsent(e.function(), f -> new ArrayList<>());
            UsdtReader reader = readers.computeIfAbsent(e.probe().binary(), p -> new UsdtReader(p, e.pid()));
            for (Location l : e.probe().locations()) {
                spots.add(new Spot(e.probe(), l, reader, spots.size() + 1));
            }
        }
        Map<String, Long> next = new LinkedHashMap<>();
        for (Enabled e : enabled) {
            long first = next.getOrDefault(e.function(), 1L);
            next.put(e.function(), first + e.probe().locations().size());
            boolean cookies = needsCookies(functions.get(e.function()));
            attachments.add(new Attachment(new UsdtSpec(e.probe(), e.pid(), cookies ? first : 0), e.function()));
        }
    }

    List<Attachment> attachments() {
        return attachments;
    }

    String text() {
        StringBuilder out = new StringBuilder("#include <uapi/linux/ptrace.h>\n");
        functions.forEach((function, spots) -> write(out, function, spots));
        return out.toString();
    }

    private static int arguments(Spot s) {
        return s.location.arguments().size();
    }

    private static long page(Spot s) {
        return s.location.address() & Linux.pageSize() - 1;
    }

    /** Whether two locations differ in an argument and have the same place in their pages. */
    private static boolean needsCookies(List<Spot> spots) {
        Map<Long, List<String>> texts = new LinkedHashMap<>();
        for (Spot s : spots) {
            List<String> mine = new ArrayList<>();
            for (int n = 0; n < arguments(s); n++) {
                mine.add(s.code(n));
            }
            List<String> other = texts.putIfAbsent(page(s), mine);
            if (other != null && !other.equals(mine)) {
                return true;
            }
        }
        return false;
    }

    private void write(StringBuilder out, String function, List<Spot> spots) {
        boolean cookies = needsCookies(spots);
        if (cookies && !KernelVersion.current().isAtLeast(5, 15)) {
            throw new UnsupportedByKernelException(
                    "bpf_get_attach_cookie",
                    "5.15",
                    "it is too old, and the copies of " + names(spots)
                            + " differ in their arguments but not in their places in memory pages");
        }
        int most = spots.stream().mapToInt(UsdtText::arguments).max().orElse(0);
        for (int n = 0; n < Math.max(most, MOST_ARGUMENTS); n++) {
            String name = "_bpf_readarg_" + function + "_" + (n + 1);
            String refusal = refusal(spots, n, most);
            out.append("#define ").append(name).append("(ctx, to, size) ({ ");
            if (refusal != null) {
                out.append("_Static_assert(0, \"").append(quoted(refusal)).append("\"); -1; })\n");
                continue;
            }
            int size = size(spots, n);
            out.append("_Static_assert((size) >= ")
                    .append(size)
                    .append(", \"argument ")
                    .append(n + 1);
            out.append(" of ")
                    .append(quoted(names(spots)))
                    .append(" has ")
                    .append(size)
                    .append(" bytes\"); ");
            out.append(name).append("_(ctx, to, size); })\n");
            writeFunction(out, name + "_", spots, n, cookies);
        }
    }

    private static String refusal(List<Spot> spots, int n, int most) {
        if (n >= most) {
            return names(spots) + " has " + (most == 1 ? "1 argument" : most + " arguments")
                    + ", so there is no argument " + (n + 1);
        }
        return spots.stream()
                .filter(s -> n < arguments(s))
                .filter(s -> s.reader.operand(s.argument(n)) instanceof Unreadable)
                .findFirst()
                .map(s -> "argument " + (n + 1) + " of " + s.probe.fullName() + ", " + s.argument(n)
                        + ", can't be read: " + ((Unreadable) s.reader.operand(s.argument(n))).why())
                .orElse(null);
    }

    private static String names(List<Spot> spots) {
        return spots.stream().map(s -> s.probe.fullName()).distinct().collect(Collectors.joining(", "));
    }

    /** What comes from a binary, as the content of a C string. */
    private static String quoted(String text) {
        return text.replaceAll("[^ -~]|[\"\\\\]", "?");
    }

    private static int size(List<Spot> spots, int n) {
        return spots.stream()
                .filter(s -> n < arguments(s))
                .mapToInt(s -> s.argument(n).size())
                .max()
                .orElseThrow();
    }

    private static void writeFunction(StringBuilder out, String name, List<Spot> spots, int n, boolean cookies) {
        out.append("static __always_inline int ").append(name);
        out.append("(struct pt_regs *ctx, void *to, size_t size) {\n  u64 value = 0;\n  int result = 0;\n");
        boolean same = spots.stream().allMatch(s -> n < arguments(s))
                && spots.stream().map(s -> s.code(n)).distinct().count() == 1;
        if (same) {
            out.append("  ").append(spots.getFirst().code(n)).append('\n');
        } else {
            String pointer = "ctx->" + UsdtReader.INSTRUCTION_POINTER;
            out.append("  switch (")
                    .append(
                            cookies
                                    ? "bpf_get_attach_cookie(ctx)"
                                    : pointer + " & 0x" + Long.toHexString(Linux.pageSize() - 1))
                    .append(") {\n");
            Set<Long> cases = new HashSet<>();
            for (Spot s : spots) {
                long key = cookies ? s.cookie : page(s);
                if (n < arguments(s) && cases.add(key)) {
                    out.append("  case 0x").append(Long.toHexString(key)).append(": ");
                    out.append(s.code(n)).append(" break;\n");
                }
            }
            out.append("  default: result = -1;\n  }\n");
        }
        out.append("  if (size == 1) *(u8 *)to = value;\n  else if (size == 2) *(u16 *)to = value;\n");
        out.append("  else if (size == 4) *(u32 *)to = value;\n  else if (size == 8) *(u64 *)to = value;\n");
        out.append("  else return -1;\n  return result;\n}\n");
    }
}

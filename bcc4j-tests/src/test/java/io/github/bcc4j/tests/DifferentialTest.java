package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.kernel.KernelHeaders;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same C text and the same workload through Debian's python3-bpfcc and through bcc4j: the tables are dumped alike. */
@Tag("native")
class DifferentialTest {
    /** Fills table t with five entries, made of the numbers 0 to 4 alone; only for the process that both harnesses name. */
    private static String text(String types, String table, String key, String value) {
        return types + """

                BPF_ARRAY(target, u32, 1);
                BPF_ARRAY(calls, u32, 1);
                %s
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                    int zero = 0;
                    u32 *pid = target.lookup(&zero), *calls_so_far = calls.lookup(&zero);
                    if (!pid || !calls_so_far || *pid != bpf_get_current_pid_tgid() >> 32)
                        return 0;
                    u32 n = (*calls_so_far)++;
                    %s
                    %s
                    t.update(&k, &v);
                    return 0;
                }
                """.formatted(table, key, value);
    }

    static Stream<Arguments> shapes() {
        String plainKey = "u32 k = n;";
        String plainValue = "u64 v = n * 1000;";
        return Stream.of(
                Arguments.of("u32 to u64", text("", "BPF_HASH(t, u32, u64);", plainKey, plainValue)),
                Arguments.of(
                        "u64 to s64, negative",
                        text("", "BPF_HASH(t, u64, s64);", "u64 k = n + (1ULL << 63);", "s64 v = -5 - (s64)n;")),
                Arguments.of("u8 and u16", text("", "BPF_HASH(t, u8, u16);", "u8 k = 250 + n;", "u16 v = 65530 + n;")),
                Arguments.of("array", text("", "BPF_ARRAY(t, u64, 5);", "int k = n;", plainValue)),
                Arguments.of("histogram", text("", "BPF_HISTOGRAM(t);", "int k = n;", plainValue)),
                Arguments.of("LRU hash", text("", "BPF_TABLE(\"lru_hash\", u32, u64, t, 64);", plainKey, plainValue)),
                Arguments.of(
                        "struct key and value with texts and gaps",
                        text(
                                "struct key { u8 small; u32 id; char comm[16]; }; struct value { u64 total; s32 change; char name[8]; };",
                                "BPF_HASH(t, struct key, struct value);",
                                "struct key k = {}; k.small = n; k.id = n * 7; k.comm[0] = 'a' + n; k.comm[1] = 'b';",
                                "struct value v = {}; v.total = n; v.change = -(s32)n; v.name[0] = 'x';")),
                Arguments.of(
                        "nested structs and arrays",
                        text(
                                "struct point { s32 x; s32 y; }; struct value { struct point at; u16 list[4]; struct point more[2]; };",
                                "BPF_HASH(t, u32, struct value);",
                                plainKey,
                                "struct value v = {}; v.at.x = -(s32)n; v.at.y = n; v.list[0] = n; v.list[3] = 9; v.more[1].y = n + 1;")),
                Arguments.of(
                        "union",
                        text(
                                "union value { u32 number; u8 bytes[4]; };",
                                "BPF_HASH(t, u32, union value);",
                                plainKey,
                                "union value v = {}; v.number = 0x01020304 * (n + 1);")),
                Arguments.of(
                        "bit-fields",
                        text(
                                "struct value { u32 low : 3; u32 high : 13; u32 rest : 16; };",
                                "BPF_HASH(t, u32, struct value);",
                                plainKey,
                                "struct value v = {}; v.low = n; v.high = n * 300; v.rest = n * 1000;")),
                Arguments.of(
                        "enum",
                        text(
                                "enum color { RED, GREEN = 4 };",
                                "BPF_HASH(t, u32, enum color);",
                                plainKey,
                                "enum color v = n & 1 ? GREEN : RED;")),
                Arguments.of(
                        "IPv4 and IPv6 addresses",
                        text(
                                "struct key { u32 v4; u8 v6[16]; };",
                                "BPF_HASH(t, struct key, u64);",
                                "struct key k = {}; k.v4 = 0x0100007f + n; k.v6[0] = 0x20; k.v6[15] = n;",
                                plainValue)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void dumpsAreEqual(String name, String text, @TempDir Path scratch) throws Exception {
        assertThat(ours(text)).isEqualTo(theirs(text, scratch)).hasSize(name.equals("histogram") ? 64 : 5);
    }

    private static TreeSet<String> ours(String text) throws Exception {
        try (BPF bpf = BPF.fromSource(text)) {
            Process shell = new ProcessBuilder(
                            "/usr/bin/python3", "-c", "import os\ninput()\nfor _ in range(5): os.getppid()")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            bpf.array("target", Integer.class).put(0, (int) shell.pid());
            try (var out = shell.getOutputStream()) {
                out.write('\n');
            }
            assertThat(shell.waitFor()).isZero();
            return bpf.table("t").snapshot().entries().entrySet().stream()
                    .map(e -> show(e.getKey()) + " = " + show(e.getValue()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String show(Object value) {
        return switch (value) {
            case Map<?, ?> m ->
                m.values().stream().map(DifferentialTest::show).collect(Collectors.joining(",", "{", "}"));
            case List<?> l -> l.stream().map(DifferentialTest::show).collect(Collectors.joining(",", "[", "]"));
            case String s -> HexFormat.of().formatHex(s.getBytes(StandardCharsets.UTF_8));
            case BigInteger b -> b.toString();
            default -> String.valueOf(value);
        };
    }

    private static final String PYTHON = """
            import ctypes, os, sys
            from bcc import BPF

            def show(v):
                if isinstance(v, ctypes.Array):
                    if v._type_ is ctypes.c_char:
                        return bytes(v).split(b"\\0")[0].hex()
                    return "[" + ",".join(show(x) for x in v) + "]"
                if isinstance(v, bytes):
                    return v.split(b"\\0")[0].hex()
                if isinstance(v, (ctypes.Structure, ctypes.Union)):
                    return "{" + ",".join(show(getattr(v, f[0])) for f in v._fields_ if not f[0].startswith("__pad_")) + "}"
                return str(getattr(v, "value", v))

            b = BPF(text=open(sys.argv[1]).read())
            r, w = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.read(r, 1)
                for _ in range(5):
                    os.getppid()
                os._exit(0)
            b["target"][ctypes.c_int(0)] = ctypes.c_uint(pid)
            os.write(w, b"x")
            os.waitpid(pid, 0)
            for k, v in b["t"].items():
                print(show(k) + " = " + show(v))
            """;

    private static TreeSet<String> theirs(String text, Path scratch) throws Exception {
        Path script = Files.writeString(scratch.resolve("dump.py"), PYTHON);
        Path source = Files.writeString(scratch.resolve("text.c"), text);
        Path headers = KernelHeaders.installed().getFirst().joined(scratch);
        ProcessBuilder builder = new ProcessBuilder("/usr/bin/python3", script.toString(), source.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("BCC_KERNEL_SOURCE", headers.toString());
        Process python = builder.start();
        List<String> lines = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(python.waitFor()).isZero();
        return new TreeSet<>(lines);
    }
}

package io.github.bcc4j.compile;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.compile.child.MapReferences;
import io.github.bcc4j.compile.child.Wire;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The binary form of a {@link CompiledModule}. */
final class ModuleFormat {
    private static final int KIND = 0x4d4f0003;

    private static final Origin STORED = new Origin(Origin.Kind.STORED, "bytes");

    private ModuleFormat() {}

    static byte[] write(CompiledModule m) {
        return new Wire.Writer(KIND)
                .text(m.license())
                .number(m.kernelVersion())
                .bytes(m.btf())
                .list(m.maps(), ModuleFormat::map)
                .list(m.programs(), ModuleFormat::program)
                .text(m.source())
                .list(m.warnings(), ModuleFormat::diagnostic)
                .text(m.kernel().release())
                .list(List.copyOf(m.kernel().layouts().entrySet()), ModuleFormat::layout)
                .number(m.kernel().exact() ? 1 : 0)
                .finish();
    }

    static CompiledModule read(byte[] file) {
        Wire.Reader in = new Wire.Reader(file, KIND, "compiled module");
        return check(in.end(new CompiledModule(
                in.text(),
                in.number(),
                in.bytes(),
                in.list(ModuleFormat::map),
                in.list(ModuleFormat::program),
                in.text(),
                in.list(ModuleFormat::diagnostic),
                new KernelFit(in.text(), layouts(in.list(ModuleFormat::layout)), in.number() != 0),
                STORED)));
    }

    private static void layout(Wire.Writer out, Map.Entry<String, Long> layout) {
        out.text(layout.getKey());
        out.number((int) (layout.getValue() >>> 32)).number(layout.getValue().intValue());
    }

    private static Map.Entry<String, Long> layout(Wire.Reader in) {
        return Map.entry(in.text(), (long) in.number() << 32 | Integer.toUnsignedLong(in.number()));
    }

    private static Map<String, Long> layouts(List<Map.Entry<String, Long>> list) {
        return list.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b));
    }

    /** What refers to a map must refer to one that there is. */
    private static CompiledModule check(CompiledModule module) {
        int n = module.maps().size();
        for (int i = 0; i < n; i++) {
            MapSpec map = module.maps().get(i);
            if (map.innerMap() >= i || map.innerMap() < -1) {
                throw new IllegalArgumentException(
                        "not a compiled module: the template of map " + map.name() + " is not one before it");
            }
        }
        for (ProgramSpec program : module.programs()) {
            MapReferences.replace(program.instructions(), map -> {
                if (map < 0 || map >= n) {
                    throw new IllegalArgumentException(
                            "not a compiled module: program " + program.name() + " uses map " + map + " of " + n);
                }
                return map;
            });
        }
        return module;
    }

    private static void map(Wire.Writer out, MapSpec m) {
        out.text(m.name())
                .number(m.type())
                .number(m.keySize())
                .number(m.valueSize())
                .number(m.maxEntries())
                .number(m.flags())
                .number(m.btfKeyTypeId())
                .number(m.btfValueTypeId())
                .number(m.innerMap())
                .list(m.pinPath().stream().toList(), Wire.Writer::text)
                .number(m.extern() ? 1 : 0)
                .text(m.keyDescription())
                .text(m.valueDescription())
                .list(m.eventFields(), Wire.Writer::text);
    }

    private static MapSpec map(Wire.Reader in) {
        return new MapSpec(
                in.text(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                optional(in.list(Wire.Reader::text)),
                in.number() != 0,
                in.text(),
                in.text(),
                in.list(Wire.Reader::text));
    }

    private static Optional<String> optional(List<String> list) {
        return list.stream().findFirst();
    }

    private static void program(Wire.Writer out, ProgramSpec p) {
        out.text(p.name())
                .bytes(p.instructions())
                .number(p.functionInfoSize())
                .bytes(p.functionInfo())
                .number(p.lineInfoSize())
                .bytes(p.lineInfo());
    }

    private static ProgramSpec program(Wire.Reader in) {
        return new ProgramSpec(in.text(), in.bytes(), in.number(), in.bytes(), in.number(), in.bytes());
    }

    static void diagnostic(Wire.Writer out, Diagnostic d) {
        note(out, d);
        out.list(d.notes(), ModuleFormat::note);
    }

    private static void note(Wire.Writer out, Diagnostic d) {
        out.number(d.stage().ordinal())
                .number(d.severity().ordinal())
                .text(d.file())
                .number(d.line())
                .number(d.column())
                .text(d.message())
                .text(d.flag());
    }

    static Diagnostic diagnostic(Wire.Reader in) {
        Diagnostic d = note(in);
        List<Diagnostic> notes = in.list(ModuleFormat::note); // which have none of their own
        return new Diagnostic(d.stage(), d.severity(), d.file(), d.line(), d.column(), d.message(), d.flag(), notes);
    }

    private static Diagnostic note(Wire.Reader in) {
        return new Diagnostic(
                in.choice(Stage.values()),
                in.choice(Severity.values()),
                in.text(),
                in.number(),
                in.number(),
                in.text(),
                in.text(),
                List.of());
    }
}

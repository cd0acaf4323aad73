package io.github.bcc4j.compile;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import io.github.bcc4j.compile.child.Wire;
import java.util.List;
import java.util.Optional;

/** The binary form of a {@link CompiledModule}. */
final class ModuleFormat {
    private static final int KIND = 0x4d4f0001;

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
                .finish();
    }

    static CompiledModule read(byte[] file) {
        Wire.Reader in = new Wire.Reader(file, KIND, "compiled module");
        CompiledModule module = new CompiledModule(
                in.text(),
                in.number(),
                in.bytes(),
                in.list(ModuleFormat::map),
                in.list(ModuleFormat::program),
                in.text(),
                in.list(ModuleFormat::diagnostic));
        for (int i = 0; i < module.maps().size(); i++) {
            if (module.maps().get(i).innerMap() >= i) {
                throw new IllegalArgumentException("not a compiled module: map "
                        + module.maps().get(i).name() + " has a template that comes after it");
            }
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
        out.number(d.stage().ordinal())
                .number(d.severity().ordinal())
                .text(d.file())
                .number(d.line())
                .number(d.column())
                .text(d.message())
                .text(d.flag())
                .list(d.notes(), ModuleFormat::diagnostic);
    }

    static Diagnostic diagnostic(Wire.Reader in) {
        return new Diagnostic(
                Stage.values()[in.number()],
                Severity.values()[in.number()],
                in.text(),
                in.number(),
                in.number(),
                in.text(),
                in.text(),
                in.list(ModuleFormat::diagnostic));
    }
}
